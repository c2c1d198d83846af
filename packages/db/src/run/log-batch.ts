import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { executePrepared } from '../prepared.ts'
import { addPoints, type NewPoint } from './points.ts'

/** A metric logged for a model, and on which dataset; '' where none was named. */
export type NewModelPoint = NewPoint & { loggedModelId: string; datasetName: string; datasetDigest: string }
type Pair = { key: string; value: string }

export type Batch = {
  metrics: readonly NewPoint[]
  modelMetrics: readonly NewModelPoint[]
  /** Each key once. */
  params: readonly Pair[]
  /** Each key once. */
  tags: readonly Pair[]
  /** The run's new name; null leaves it. */
  name: string | null
}

export type HeldRun = { deleted: boolean; jobId: string | null; models: string[] }

/**
 * Hold a run's row, at its next revision, until the transaction ends and say what writing to it takes: whether it is
 * deleted, its job, and which of these logged models the project has. Null when there is no such run.
 */
export async function holdRun(
  db: Db,
  args: { projectId: string; runId: string; modelIds: readonly string[] },
): Promise<HeldRun | null> {
  const models =
    args.modelIds.length === 0
      ? sql`'{}'::text[]`
      : sql`array(select id from logged_model where project_id = ${args.projectId}
          and id = any(${sql.param([...args.modelIds])}::text[]) and deleted_at is null)`
  const [held] = await executePrepared<HeldRun>(
    db,
    sql`
    update run r set revision = r.revision + 1 where r.id = ${args.runId} and r.project_id = ${args.projectId}
    returning r.deleted_at is not null as deleted, r.job_id as "jobId", ${models} as models`,
  )
  return held ?? null
}

type Written = { other: { key: string; was: string } | null }

/**
 * Write a batch to a run whose row the transaction holds, in one statement that also tells the pages. Answers a
 * parameter that is there with another value, in which case the transaction must be given up; else null.
 */
export async function writeBatch(
  db: Db,
  args: Batch & { projectId: string; runId: string; fence: number },
): Promise<{ key: string; was: string } | null> {
  const { projectId, runId } = args
  const parts = [
    args.metrics.length > 0 ? addPoints({ projectId, runId, fence: args.fence, points: args.metrics }) : null,
    args.modelMetrics.length > 0 ? addModelPoints({ projectId, runId, points: args.modelMetrics }) : null,
    args.params.length > 0 ? addParams({ projectId, runId, params: args.params }) : null,
    args.tags.length > 0 ? putTags({ projectId, runId, tags: args.tags }) : null,
    args.name === null ? null : sql`renamed as (update run set name = ${args.name} where id = ${runId})`,
  ].filter((part) => part !== null)
  const change = JSON.stringify({ noun: 'run', id: runId, projectId })
  const other = args.params.length > 0 ? sql`(select row_to_json(differing) from differing limit 1)` : sql`null::json`
  const statement = sql`
    ${parts.length > 0 ? sql`with ${sql.join(parts, sql`, `)}` : sql``}
    select ${other} as other, pg_notify('modelyard_change', ${change})`
  const [written] = await executePrepared<Written>(db, statement)
  return written?.other ?? null
}

function pairs(rows: readonly Pair[]): SQL {
  const keys = sql.param(rows.map(({ key }) => key))
  const values = sql.param(rows.map(({ value }) => value))
  return sql`unnest(${keys}::text[], ${values}::text[])`
}

function addParams(args: { projectId: string; runId: string; params: readonly Pair[] }): SQL {
  return sql`
    wanted as materialized (select * from ${pairs(args.params)} as w(key, value)),
    differing as (
      select w.key, p.value as was from wanted w join run_param p on p.run_id = ${args.runId} and p.key = w.key
      where p.value <> w.value order by w.key),
    set_params as (
      insert into run_param (run_id, project_id, key, value)
      select ${args.runId}, ${args.projectId}, key, value from wanted on conflict do nothing)`
}

function putTags(args: { projectId: string; runId: string; tags: readonly Pair[] }): SQL {
  return sql`
    set_tags as (
      insert into run_tag as t (run_id, project_id, key, value)
      select ${args.runId}, ${args.projectId}, key, value from ${pairs(args.tags)} as w(key, value)
      on conflict (run_id, key) do update set value = excluded.value where t.value <> excluded.value)`
}

function addModelPoints(args: { projectId: string; runId: string; points: readonly NewModelPoint[] }): SQL {
  const { points } = args
  const column = <V>(pick: (point: NewModelPoint) => V) => sql.param(points.map(pick))
  return sql`
    set_model_metrics as (
      insert into logged_model_metric
        (logged_model_id, project_id, run_id, key, at_ms, step, value, dataset_name, dataset_digest)
      select logged_model_id, ${args.projectId}, ${args.runId}, key, at_ms, step, value, dataset_name, dataset_digest
      from unnest(${column(({ loggedModelId }) => loggedModelId)}::text[], ${column(({ key }) => key)}::text[],
        ${column(({ atMs }) => String(atMs))}::bigint[], ${column(({ step }) => String(step))}::bigint[],
        ${column(({ value }) => String(value))}::float8[], ${column(({ datasetName }) => datasetName)}::text[],
        ${column(({ datasetDigest }) => datasetDigest)}::text[])
        as p(logged_model_id, key, at_ms, step, value, dataset_name, dataset_digest)
      on conflict do nothing)`
}
