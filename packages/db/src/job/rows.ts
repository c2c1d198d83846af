import { and, asc, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { attempt, job, runner } from '../schema/index.ts'

export type JobRow = typeof job.$inferSelect
export type NewJob = typeof job.$inferInsert
export type AttemptRow = typeof attempt.$inferSelect

export async function insertJob(db: Db, row: NewJob): Promise<JobRow> {
  const [made] = await db.insert(job).values(row).returning()
  if (!made) throw new Error(`job ${row.id} was not returned`)
  return made
}

export async function findJob(db: Db, args: { projectId: string; id: string }): Promise<JobRow | null> {
  const [row] = await db
    .select()
    .from(job)
    .where(and(eq(job.projectId, args.projectId), eq(job.id, args.id)))
  return row ?? null
}

export async function findJobOfRun(db: Db, args: { projectId: string; runId: string }): Promise<JobRow | null> {
  const [row] = await db
    .select()
    .from(job)
    .where(and(eq(job.projectId, args.projectId), eq(job.runId, args.runId)))
  return row ?? null
}

/** Without a project: for callers whose attempt names the job. */
export async function findJobById(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db.select().from(job).where(eq(job.id, id))
  return row ?? null
}

/** Every transaction that ends an attempt takes the job first and the attempt second, so that none waits in a ring. */
export async function lockJob(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db.select().from(job).where(eq(job.id, id)).for('update')
  return row ?? null
}

/** Newest first, by keyset on the id. */
export async function listJobRows(db: Db, args: { projectId: string; limit: number; beforeId?: string | undefined }) {
  return db
    .select()
    .from(job)
    .where(and(eq(job.projectId, args.projectId), args.beforeId === undefined ? undefined : lt(job.id, args.beforeId)))
    .orderBy(desc(job.id))
    .limit(args.limit)
}

/** A job's attempts with their runners, oldest first. */
export async function listAttempts(db: Db, jobId: string) {
  return db
    .select({ attempt, runnerName: runner.name })
    .from(attempt)
    .innerJoin(runner, eq(attempt.runnerId, runner.id))
    .where(eq(attempt.jobId, jobId))
    .orderBy(asc(attempt.number))
}

/** The job's newest attempt that a runner took; the one whose log is shown. */
export async function findShownAttempt(db: Db, jobId: string): Promise<AttemptRow | null> {
  const rows = await db.select().from(attempt).where(eq(attempt.jobId, jobId)).orderBy(desc(attempt.number)).limit(20)
  return rows.find(({ startedAt }) => startedAt !== null) ?? rows[0] ?? null
}

export async function requestCancel(db: Db, args: { jobId: string; now: Date }): Promise<void> {
  await db.update(job).set({ cancelRequestedAt: args.now }).where(eq(job.id, args.jobId))
  await db
    .update(attempt)
    .set({ stopReason: 'cancel' })
    .where(and(eq(attempt.jobId, args.jobId), isNull(attempt.endedAt), isNull(attempt.stopReason)))
}

/** A job that no runner holds ends at once. */
export async function cancelQueued(db: Db, args: { jobId: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(job)
    .set({ state: 'canceled', cancelRequestedAt: args.now, endedAt: args.now, whyWaiting: null })
    .where(and(eq(job.id, args.jobId), eq(job.state, 'queued')))
    .returning({ id: job.id })
  return rows.length === 1
}
