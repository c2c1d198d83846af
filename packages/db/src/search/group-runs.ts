import type { Condition, Field } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { SearchTables } from './entity.ts'
import { type RunScope, runTables, within } from './runs.ts'
import { wheres } from './search.ts'

/** No page shows more groups; the largest come first. */
const MAX_GROUPS = 500

/** Of the newest runs, whose keys are the ones that anybody asks for. */
const NEWEST = 1000
const MAX_KEYS = 500

export type RunGroupRow = {
  value: string | null
  runs: number
  running: number
  failed: number
  measured: number
  mean: number | null
  min: number | null
  max: number | null
}

const where = (scope: RunScope, conditions: readonly Condition[]) =>
  wheres(runTables(scope.projectId), { conditions, within: within(scope) }, [])

/**
 * The runs that a filter holds for, by a parameter, tag, dataset or column, largest group first; runs without it are the
 * group null. Mean, lowest and highest are of the finite newest values of `metric`.
 */
export async function groupRuns(
  db: Db,
  scope: RunScope,
  asked: { conditions: readonly Condition[]; by: Field | 'experiment'; metric: string | null },
): Promise<RunGroupRow[]> {
  const tables = runTables(scope.projectId)
  const { value, join } = grouped(tables, asked.by)
  const finite = sql`filter (where m.last_value > '-Infinity' and m.last_value < 'Infinity')`
  const found = await db.execute<RunGroupRow>(sql`
    select ${value} as value, count(*)::int as runs,
      (count(*) filter (where r.status in ('running', 'scheduled')))::int as running,
      (count(*) filter (where r.status = 'failed'))::int as failed,
      (count(m.last_value) ${finite})::int as measured,
      avg(m.last_value) ${finite} as mean, min(m.last_value) ${finite} as min, max(m.last_value) ${finite} as max
    ${tables.from} ${join} left join metric m
      on m.project_id = ${scope.projectId} and m.run_id = r.id and m.key = ${asked.metric}::text
    where ${where(scope, asked.conditions)}
    group by 1 order by runs desc, value nulls last limit ${MAX_GROUPS}`)
  return found.rows
}

function grouped(tables: SearchTables, by: Field | 'experiment'): { value: SQL; join: SQL } {
  if (by === 'experiment') return { value: sql`e.name`, join: sql`join experiment e on e.id = r.experiment_id` }
  if (by.of === 'attribute') return { value: tables.sorted(by.key).value, join: sql`` }
  const { rows, value } = tables.related(by)
  return { value: sql`g.value`, join: sql`left join lateral (select ${value} as value ${rows}) g on true` }
}

/** How many runs a filter holds for, and how many of them run or wait to. */
export async function countRunStates(
  db: Db,
  scope: RunScope,
  conditions: readonly Condition[],
): Promise<{ total: number; running: number }> {
  const found = await db.execute<{ total: number; running: number }>(sql`
    select count(*)::int as total, (count(*) filter (where r.status in ('running', 'scheduled')))::int as running
    ${runTables(scope.projectId).from} where ${where(scope, conditions)}`)
  return found.rows[0] ?? { total: 0, running: 0 }
}

export type RunKeyRow = { kind: 'params' | 'metrics' | 'tags'; key: string; runs: number }

/** Keys of parameters, metrics and tags that the newest runs of a project have, the most frequent first. */
export async function readRunKeys(db: Db, args: { projectId: string }): Promise<RunKeyRow[]> {
  const keysOf = (kind: RunKeyRow['kind'], table: SQL) => sql`
    (select ${kind}::text as kind, t.key, count(*)::int as runs
    from ${table} t join newest on newest.id = t.run_id group by t.key order by runs desc, t.key limit ${MAX_KEYS})`
  const found = await db.execute<RunKeyRow>(sql`
    with newest as materialized (
      select id from run where project_id = ${args.projectId} and deleted_at is null order by id desc limit ${NEWEST})
    ${keysOf('params', sql`run_param`)}
    union all ${keysOf('metrics', sql`metric`)}
    union all ${keysOf('tags', sql`run_tag`)}`)
  return found.rows
}

/** A project's experiments that are not deleted, with how many runs of each are not. */
export async function countExperimentRuns(
  db: Db,
  args: { projectId: string },
): Promise<{ number: number; name: string; runs: number }[]> {
  const found = await db.execute<{ number: number; name: string; runs: number }>(sql`
    select e.number::float8 as number, e.name, count(r.id)::int as runs
    from experiment e left join run r on r.experiment_id = e.id and r.deleted_at is null
    where e.project_id = ${args.projectId} and e.deleted_at is null
    group by e.id order by e.name limit 1000`)
  return found.rows
}
