import { eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type Actor, experiment, run, runInput, runParam } from '../schema/index.ts'
import { nextRevision } from './revision.ts'

export type RunRow = typeof run.$inferSelect
export type RunStatus = RunRow['status']

export type NewRun = {
  id: string
  projectId: string
  /** Its experiment by name; `experimentId` is used when there is none of that name yet. */
  experiment: string
  experimentId: string
  name: string
  params: Record<string, string>
  codeCommit: string
  seed: number | null
  datasetVersionId: string | null
  jobId: string | null
  createdBy: Actor
  now: Date
}

/** The experiment that MLflow clients log to when they name none. */
export async function insertDefaultExperiment(
  db: Db,
  args: { id: string; projectId: string; now: Date },
): Promise<void> {
  const { id, projectId, now } = args
  await db.insert(experiment).values({ id, projectId, number: 0, name: 'Default', createdAt: now, updatedAt: now })
}

/**
 * A scheduled run with its parameters and what it reads, in the caller's transaction; false when its experiment is
 * deleted, in which case the transaction must be given up.
 */
export async function createRun(db: Db, args: NewRun): Promise<boolean> {
  const { id, projectId, now } = args
  const [found] = await db
    .insert(experiment)
    .values({ id: args.experimentId, projectId, name: args.experiment, createdAt: now })
    // Setting it to itself gives the row back when it exists.
    .onConflictDoUpdate({
      target: [experiment.projectId, experiment.name],
      set: { name: args.experiment },
      setWhere: isNull(experiment.deletedAt),
    })
    .returning({ id: experiment.id })
  if (!found) return false
  await db.insert(run).values({
    id,
    projectId,
    experimentId: found.id,
    name: args.name,
    status: 'scheduled',
    codeCommit: args.codeCommit,
    seed: args.seed,
    jobId: args.jobId,
    createdBy: args.createdBy,
    createdAt: now,
  })
  const params = Object.entries(args.params).map(([key, value]) => ({ runId: id, projectId, key, value }))
  if (params.length > 0) await db.insert(runParam).values(params)
  if (args.datasetVersionId !== null) {
    const input = { runId: id, projectId, datasetVersionId: args.datasetVersionId, context: 'training' }
    await db.insert(runInput).values(input)
  }
  return true
}

/** Move a run; it starts when it first runs and ends when it rests. A run that goes back to the queue has not ended. */
export async function setRunStatus(db: Db, args: { runId: string; status: RunStatus; now: Date }): Promise<void> {
  const { status } = args
  const now = sql`${args.now.toISOString()}::timestamptz`
  const ended = status === 'finished' || status === 'failed' || status === 'killed'
  await db
    .update(run)
    .set({
      status,
      revision: nextRevision,
      ...(status === 'running' ? { startedAt: sql`coalesce(${run.startedAt}, ${now})` } : {}),
      endedAt: ended ? sql`coalesce(${run.endedAt}, ${now})` : null,
    })
    .where(eq(run.id, args.runId))
}
