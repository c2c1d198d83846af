import type { Condition, Test } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { executeOften } from '../prepared.ts'
import type { SearchTables } from './entity.ts'
import { type Hit, hitsOf, pageSql, type Search } from './search.ts'

/** So many runs are probed one by one sooner than anything is planned about them. Literals, which a kept plan can see. */
const FEW = sql.raw('1000')
const FEW_AND_ONE = sql.raw('1001')

/** Runs that one condition of a filter leaves, by an index: rows of `run_id`, each run once; and what else must hold. */
export type Lead = { runs: SQL; rest: Condition[] }

/**
 * The first condition that a parameter or a tag equals a text, if a filter has one. Whoever names runs by their ids has
 * chosen fewer already.
 */
export function leadOf(projectId: string, conditions: readonly Condition[]): Lead | null {
  if (conditions.some(({ field }) => field.of === 'attribute' && field.key === 'run_id')) return null
  const first = conditions.find(isEquality)
  if (!first) return null
  const { field, test } = first
  const runs = sql`
    select run_id from ${field.of === 'param' ? sql`run_param` : sql`run_tag`}
    where project_id = ${projectId} and key = ${field.key}::text
      and left(value, 60) = left(${test.value}::text, 60) and value = ${test.value}::text`
  return { runs, rest: conditions.filter((condition) => condition !== first) }
}

type Equality = Condition & { test: Test & { kind: 'text' } }

/** Of what has a table of its own: the name is a tag to clients and a column to us. */
function isEquality(condition: Condition): condition is Equality {
  const { field, test } = condition
  const isRow = field.of === 'param' || (field.of === 'tag' && field.key !== 'mlflow.runName')
  return isRow && test.kind === 'text' && test.operator === '='
}

/** Where the tables of `searchLed` have their runs from. */
export const LED = { from: sql`from lead join run r on r.id = lead.run_id`, id: sql`lead.run_id` }

/**
 * A page of the runs that a lead leaves, or null when they are more than a few. The way through a few is the same whatever
 * the values are, so the statement is planned once and kept: planning would take a fifth of the time.
 */
export async function searchLed(
  db: Db,
  tables: SearchTables,
  { lead, ...search }: Search & { lead: Lead },
): Promise<Hit[] | null> {
  const few = sql`(select few from led)`
  const page = pageSql(tables, { ...search, conditions: lead.rest, within: [few, ...search.within] })
  const rows = await executeOften(
    db,
    sql`
      with lead as materialized (${lead.runs} limit ${FEW_AND_ONE}),
        led as materialized (select count(*) <= ${FEW} as few from lead)
      select led.few, found.* from led left join lateral (${page}) found on true`,
  )
  // One row is always there, without an id where nothing is found.
  return rows[0]?.[0] === true ? hitsOf(rows, 1) : null
}
