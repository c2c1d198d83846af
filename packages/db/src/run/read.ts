import { and, desc, eq, inArray, lt } from 'drizzle-orm'
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
