import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { experiment, job, metric, modelVersion, run, runInput, runParam } from '../schema/index.ts'
import type { RunStatus } from './write.ts'

const parts = { run, experiment: experiment.name, jobId: job.id }
export type FoundRun = { run: typeof run.$inferSelect; experiment: string; jobId: string | null }

const withNames = (db: Db) =>
  db
    .select(parts)
    .from(run)
    .innerJoin(experiment, eq(run.experimentId, experiment.id))
    .leftJoin(job, eq(job.runId, run.id))

/** A page of runs, newest first; ids are in the order of time, so the last id of a page is where the next begins. */
export async function listRuns(
  db: Db,
  args: { projectId: string; experiment?: string; status?: RunStatus; beforeId?: string; limit: number },
): Promise<FoundRun[]> {
  return withNames(db)
    .where(
      and(
        eq(run.projectId, args.projectId),
        args.experiment === undefined ? undefined : eq(experiment.name, args.experiment),
        args.status === undefined ? undefined : eq(run.status, args.status),
        args.beforeId === undefined ? undefined : lt(run.id, args.beforeId),
      ),
    )
    .orderBy(desc(run.id))
    .limit(args.limit)
}

export async function findRun(db: Db, args: { projectId: string; id: string }): Promise<FoundRun | null> {
  const [row] = await withNames(db).where(and(eq(run.projectId, args.projectId), eq(run.id, args.id)))
  return row ?? null
}

/** Parameters, newest metric values, dataset and model version of several runs. */
export async function readRunDetails(db: Db, runIds: string[]) {
  if (runIds.length === 0) return { params: [], metrics: [], inputs: [], models: [] }
  const params = await db.select().from(runParam).where(inArray(runParam.runId, runIds)).orderBy(runParam.key)
  const metrics = await db
    .select({ runId: metric.runId, key: metric.key, value: metric.lastValue })
    .from(metric)
    .where(inArray(metric.runId, runIds))
    .orderBy(metric.key)
  const inputs = await db.select().from(runInput).where(inArray(runInput.runId, runIds))
  const models = await db
    .select({ id: modelVersion.id, runId: modelVersion.runId })
    .from(modelVersion)
    .where(inArray(modelVersion.runId, runIds))
    .orderBy(modelVersion.id)
  return { params, metrics, inputs, models }
}

const MAX_SERIES = 200

/** A type and not an interface: the query's generic takes nothing that could be widened. */
export type SeriesBucket = {
  key: string
  points: number
  step: number
  min: number | null
  max: number | null
  last: number
}

/**
 * Series of a run in at most `buckets` equal ranges of steps. Each keeps the lowest and highest finite value (null where
 * none is finite) and its newest value (which may be NaN); `step` is the highest in the range. Ordered by key and step.
 */
export async function readSeries(
  db: Db,
  args: { projectId: string; runId: string; keys?: readonly string[]; buckets: number },
): Promise<SeriesBucket[]> {
  const wanted = args.keys === undefined ? sql`` : sql`and key = any(${sql.param([...args.keys])}::text[])`
  const result = await db.execute<SeriesBucket>(sql`
    with m as (
      select id, key, points from metric
      where run_id = ${args.runId} and project_id = ${args.projectId} ${wanted} order by key limit ${MAX_SERIES}),
    span as (
      select metric_id, min(step) as low, ceil((max(step) - min(step) + 1)::numeric / ${args.buckets})::bigint as width
      from metric_point where metric_id in (select id from m) group by metric_id)
    select m.key, m.points, max(p.step) as step,
      min(p.value) filter (where p.value > '-Infinity' and p.value < 'Infinity') as min,
      max(p.value) filter (where p.value > '-Infinity' and p.value < 'Infinity') as max,
      (array_agg(p.value order by p.step desc, p.at_ms desc))[1] as last
    from m join span on span.metric_id = m.id join metric_point p on p.metric_id = m.id
    group by m.id, m.key, m.points, (p.step - span.low) / span.width
    order by m.key, step`)
  return result.rows
}
