import type { Condition, Order } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
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
  const terms = search.order.map((order, index) => orderTerm(tables, order, index))
  const after = search.after === null ? [] : [afterSql(terms, search.after)]
  const found = await db.execute<Hit>(sql`
    select ${tables.id} as id, ${tables.revision ?? sql`0`} as revision,
      array[${list(terms.map(({ value }) => sql`${value}::text`))}]::text[] as at
    ${tables.from} ${sql.join(
      terms.map(({ join }) => join),
      sql` `,
    )}
    where ${wheres(tables, search, after)}
    order by ${list(terms.map(({ sort }) => sort))}
    limit ${search.limit}::bigint`)
  return found.rows
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
