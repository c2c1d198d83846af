import type { Condition, Order } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { executeOnce } from '../prepared.ts'
import { afterSql, conditionSql, orderTerm, type SearchTables } from './entity.ts'

export type Search = {
  conditions: readonly Condition[]
  order: readonly Order[]
  /** What else limits it: project, experiments, whether deleted. */
  within: readonly SQL[]
  /** The `at` of the last row of the page before. */
  after: readonly (string | null)[] | null
  limit: number
}

/** A found row and its values in the search's order, as text, which is what a cursor is made of; 0 without a revision. */
export type Hit = { id: string; revision: number; at: (string | null)[] }

/** A page of ids, by keyset: rows that come in between pages neither shift nor repeat any other. */
export async function searchIds(db: Db, tables: SearchTables, search: Search): Promise<Hit[]> {
  return hitsOf(await executeOnce(db, pageSql(tables, search)))
}

/** Columns for `hitsOf`. The page is cut inside, so that no more is written as text than stands on it. */
export function pageSql(tables: SearchTables, search: Search): SQL {
  const terms = search.order.map((order, index) => orderTerm(tables, order, index))
  const after = search.after === null ? [] : [afterSql(terms, search.after)]
  const column = (index: number) => sql.raw(`v${index}`)
  const columns = terms.map(({ value }, index) => sql`${value} as ${column(index)}`)
  const joins = terms.map(({ join }) => join)
  return sql`
    select page.id, page.revision, ${list(terms.map((_, index) => sql`page.${column(index)}::text`))} from (
      select ${tables.id} as id, ${tables.revision ?? sql`0`} as revision,
        ${list(columns)}
      ${tables.from} ${sql.join(joins, sql` `)}
      where ${wheres(tables, search, after)}
      order by ${list(terms.map(({ sort }) => sort))}
      limit ${search.limit}::bigint) page`
}

/**
 * What stands in the columns from `first` on; rows without an id are none. Values of the order are columns of their own: a
 * list of texts takes the driver longer than all else of a row.
 */
export function hitsOf(rows: readonly unknown[][], first = 0): Hit[] {
  const found = rows.filter((row) => row[first] !== null)
  return found.map((row) => ({ id: row[first], revision: row[first + 1], at: row.slice(first + 2) }) as Hit)
}

/** How many a search finds in all. */
export async function countFound(
  db: Db,
  tables: SearchTables,
  search: Pick<Search, 'conditions' | 'within'>,
): Promise<number> {
  const found = await db.execute<{ total: number }>(sql`
    select count(*)::bigint as total ${tables.from} where ${wheres(tables, search, [])}`)
  return found.rows[0]?.total ?? 0
}

export function wheres(tables: SearchTables, search: Pick<Search, 'conditions' | 'within'>, more: SQL[]): SQL {
  const conditions = search.conditions.map((condition) => conditionSql(tables, condition))
  return sql.join([...search.within, ...conditions, ...more], sql` and `)
}

function list(items: readonly SQL[]): SQL {
  return sql.join([...items], sql`, `)
}
