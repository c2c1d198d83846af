import { type IdPrefix, idOfHex, isId, type Test } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import { testSql } from './entity.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * The 32 hexadecimal digits of an id column (domain/id.ts), worked out in SQL: 26 digits of 5 bits, of which the first
 * two bits are none. Slow, and so only for patterns; what names a whole id compares ids.
 */
export function hexSql(id: SQL): SQL {
  return sql`(
    select string_agg(lpad(to_hex(substr(bits.digits, 3 + 32 * part, 32)::bit(32)::bigint), 8, '0'), '' order by part)
    from (
      select string_agg((strpos(${ALPHABET}::text, digit) - 1)::bit(5)::text, '' order by n) as digits
      from regexp_split_to_table(split_part(${id}, '_', 2), '') with ordinality as d(digit, n)) bits,
      generate_series(0, 3) part
    where bits.digits is not null)`
}

export type WireId = { column: SQL; prefix: IdPrefix; lead: '' | 'm-' }

/** A test of an id by the text that clients know it by, `lead` and 32 digits, or by the id itself as pages show it. */
export function wireIdSql({ column, prefix, lead }: WireId, test: Test): SQL {
  const named = (name: string) => {
    if (isId(prefix, name)) return name
    return name.startsWith(lead) ? idOfHex(prefix, name.slice(lead.length)) : null
  }
  if (test.kind === 'list') {
    return testSql(column, { ...test, values: test.values.map(named).filter((id) => id !== null) })
  }
  if (test.kind === 'text' && (test.operator === '=' || test.operator === '!=')) {
    // What can be no id equals none; the empty text is none either.
    return testSql(column, { ...test, value: named(test.value) ?? '' })
  }
  return testSql(sql`${lead}::text || ${hexSql(column)}`, test)
}
