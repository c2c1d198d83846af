import type { Condition, Field, Order, Test } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'

/** How a searched entity lies in tables. Every expression may be null, which no comparison matches. */
export type SearchTables = {
  /** `from` clause with the alias that the expressions use, and joins that all its searches need. */
  from: SQL
  id: SQL
  /** Grows with every change of the entity, where somebody keeps what was read of it. */
  revision?: SQL
  /** Whether an attribute passes a test. */
  attribute: (key: string, test: Test) => SQL
  /** Of an attribute, as it is sorted and as its cursor is cast. Columns with an index stand here bare. */
  sorted: (key: string) => Sorted
  /** Rows that hang on the entity: its metrics, parameters, tags, datasets. For an order, one row at most. */
  related: (field: Field, order?: Order) => Related
}

export type Sorted = {
  value: SQL
  cast: 'text' | 'bigint' | 'float8' | 'timestamptz'
  join?: SQL
  /** Never null. */
  always?: true
}

export type Related = {
  /** `from ... where ...` that yields the rows of this entity and key. */
  rows: SQL
  value: SQL
  /** Adds to an equality what an index can look up. */
  startsLike?: (text: string) => SQL
}

/** How LIKE is meant: `%` and `_` only; a backslash is a character like any other. */
const OPERATORS = {
  '=': (left: SQL, right: SQL) => sql`${left} = ${right}`,
  '!=': (left: SQL, right: SQL) => sql`${left} <> ${right}`,
  '<': (left: SQL, right: SQL) => sql`${left} < ${right}`,
  '<=': (left: SQL, right: SQL) => sql`${left} <= ${right}`,
  '>': (left: SQL, right: SQL) => sql`${left} > ${right}`,
  '>=': (left: SQL, right: SQL) => sql`${left} >= ${right}`,
  like: (left: SQL, right: SQL) => sql`${left} like ${right} escape ''`,
  ilike: (left: SQL, right: SQL) => sql`${left} ilike ${right} escape ''`,
} as const

/** A condition of a filter as SQL. Names and values travel as parameters only. */
export function conditionSql(tables: SearchTables, { field, test }: Condition): SQL {
  if (field.of === 'attribute') return tables.attribute(field.key, test)
  const { rows, value, startsLike } = tables.related(field)
  if (test.kind !== 'presence') {
    const lookup = test.kind === 'text' && test.operator === '=' ? startsLike?.(test.value) : undefined
    return sql`exists (select 1 ${rows} and ${lookup ? sql`${lookup} and ` : sql``}${testSql(value, test)})`
  }
  return test.present ? sql`exists (select 1 ${rows})` : sql`not exists (select 1 ${rows})`
}

/** A test of a value that may be null, which passes none but `is null`. */
export function testSql(value: SQL, test: Test): SQL {
  switch (test.kind) {
    case 'number':
      return numberSql(value, test)
    case 'text':
      return OPERATORS[test.operator](value, sql`${test.value}::text`)
    case 'list':
      return test.negated ? sql`${value} <> all(${texts(test.values)})` : sql`${value} = any(${texts(test.values)})`
    case 'presence':
      return test.present ? sql`${value} is not null` : sql`${value} is null`
  }
}

/** PostgreSQL holds NaN for the greatest number and equal to itself; a filter means what IEEE 754 means. */
function numberSql(value: SQL, test: Test & { kind: 'number' }): SQL {
  const compared = OPERATORS[test.operator](value, sql`${String(test.value)}::float8`)
  return test.operator === '>' || test.operator === '>=' ? sql`(${compared} and ${value} <> 'NaN'::float8)` : compared
}

/** A text array as one parameter. */
export function texts(values: readonly string[]): SQL {
  return sql`${sql.param([...values])}::text[]`
}

/** One item of an order: what is selected for the cursor, how it is sorted, and where a cursor's value stands in it. */
export type OrderTerm = {
  value: SQL
  sort: SQL
  join: SQL
  mark: (text: string | null) => Mark
}
/** Rows beyond a cursor's value and rows with it; `from` holds for both, as a range that an index can begin at. */
type Mark = { beyond: SQL; equal: SQL; from?: SQL }

export function orderTerm(tables: SearchTables, order: Order, index: number): OrderTerm {
  const sorted = sortedOf(tables, order, index)
  const { value, join = sql`` } = sorted
  const way = order.descending ? sql`desc` : sql`asc`
  const isMetric = order.field.of === 'metric'
  return {
    value,
    join,
    sort: isMetric
      ? sql`${value} = 'NaN'::float8 nulls last, ${value} ${way} nulls last`
      : sql`${value} ${way} nulls last`,
    mark: (text) => {
      if (text === null) return { beyond: sql`false`, equal: sql`${value} is null` }
      return isMetric ? markOfMetric(value, text, order.descending) : markOf(sorted, text, order.descending)
    },
  }
}

function markOf({ value, cast, always }: Sorted, text: string, descending: boolean): Mark {
  const here = sql`${text}::text::${sql.raw(cast)}`
  const beyond = descending ? sql`${value} < ${here}` : sql`${value} > ${here}`
  const equal = sql`${value} = ${here}`
  if (!always) return { beyond: sql`(${beyond} or ${value} is null)`, equal }
  return { beyond, equal, from: descending ? sql`${value} <= ${here}` : sql`${value} >= ${here}` }
}

/** Numbers, then NaN, then those without the metric. To PostgreSQL, NaN is beyond every number when ascending. */
function markOfMetric(value: SQL, text: string, descending: boolean): Mark {
  const here = sql`${text}::text::float8`
  const equal = sql`${value} = ${here}`
  if (text === 'NaN') return { beyond: sql`${value} is null`, equal }
  const beyond = descending ? sql`${value} < ${here} or ${value} = 'NaN'::float8` : sql`${value} > ${here}`
  return { beyond: sql`(${beyond} or ${value} is null)`, equal }
}

function sortedOf(tables: SearchTables, order: Order, index: number): Sorted {
  const { field } = order
  if (field.of === 'attribute') return tables.sorted(field.key)
  const alias = sql.raw(`o${index}`)
  const { rows, value } = tables.related(field, order)
  return {
    value: sql`${alias}.value`,
    cast: field.type === 'number' ? 'float8' : 'text',
    join: sql`left join lateral (select ${value} as value ${rows}) ${alias} on true`,
  }
}

/** What comes after the row with these values in this order. */
export function afterSql(terms: readonly OrderTerm[], cursor: readonly (string | null)[]): SQL {
  const marks = terms.map((term, index) => term.mark(cursor[index] ?? null))
  const branches = marks.map(({ beyond }, index) => {
    const before = marks.slice(0, index).map(({ equal }) => equal)
    return sql`(${sql.join([...before, beyond], sql` and `)})`
  })
  const after = sql`(${sql.join(branches, sql` or `)})`
  const from = marks[0]?.from
  return from ? sql`${from} and ${after}` : after
}
