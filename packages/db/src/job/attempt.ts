import { and, asc, eq, gt, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { attempt, device, experiment, job, project, run } from '../schema/index.ts'
import type { AttemptRow, JobRow } from './rows.ts'

export type HeldAttempt = { attemptId: string; fence: number }

export async function findAttempt(db: Db, id: string): Promise<AttemptRow | null> {
  const [row] = await db.select().from(attempt).where(eq(attempt.id, id))
  return row ?? null
}

/** Orders the writers of one attempt: its log, its metrics, its end. */
export async function lockAttempt(db: Db, id: string): Promise<AttemptRow | null> {
  const [row] = await db.select().from(attempt).where(eq(attempt.id, id)).for('update')
  return row ?? null
}

/** Everything a runner holds or is offered, with the jobs. */
export async function listLiveAttempts(db: Db, runnerId: string): Promise<{ attempt: AttemptRow; job: JobRow }[]> {
  return db
    .select({ attempt, job })
    .from(attempt)
    .innerJoin(job, eq(attempt.jobId, job.id))
    .where(and(eq(attempt.runnerId, runnerId), isNull(attempt.endedAt)))
    .orderBy(asc(attempt.id))
}

export async function listOffers(db: Db, args: { runnerId: string; now: Date }) {
  return db
    .select({ attemptId: attempt.id, jobId: job.id, recipe: job.recipe, name: job.name })
    .from(attempt)
    .innerJoin(job, eq(attempt.jobId, job.id))
    .where(
      and(
        eq(attempt.runnerId, args.runnerId),
        eq(attempt.state, 'offered'),
        isNull(attempt.endedAt),
        gt(attempt.leaseUntil, args.now),
      ),
    )
    .orderBy(asc(attempt.id))
}

/** Stop orders not handed out yet; they are now. A reply that gets lost is made good by the next beat. */
export async function takeStops(db: Db, runnerId: string) {
  return db
    .update(attempt)
    .set({ state: 'stopping' })
    .where(
      and(
        eq(attempt.runnerId, runnerId),
        isNull(attempt.endedAt),
        isNotNull(attempt.stopReason),
        inArray(attempt.state, ['running', 'suspect']),
      ),
    )
    .returning({ attemptId: attempt.id, reason: attempt.stopReason })
}

/** Every stop order of a runner that is still open. */
export async function listStops(db: Db, runnerId: string) {
  return db
    .select({ attemptId: attempt.id, reason: attempt.stopReason })
    .from(attempt)
    .where(
      and(
        eq(attempt.runnerId, runnerId),
        isNull(attempt.endedAt),
        isNotNull(attempt.stopReason),
        ne(attempt.state, 'offered'),
      ),
    )
    .orderBy(asc(attempt.id))
}

/** offered -> running, only while the offer stands. */
export async function startAttempt(
  db: Db,
  args: { id: string; runnerId: string; now: Date; leaseUntil: Date; fenceUntil: Date },
): Promise<AttemptRow | null> {
  const [row] = await db
    .update(attempt)
    .set({ state: 'running', startedAt: args.now, leaseUntil: args.leaseUntil, fenceUntil: args.fenceUntil })
    .where(
      and(
        eq(attempt.id, args.id),
        eq(attempt.runnerId, args.runnerId),
        eq(attempt.state, 'offered'),
        isNull(attempt.endedAt),
        gt(attempt.leaseUntil, args.now),
      ),
    )
    .returning()
  return row ?? null
}

/**
 * Move the deadlines of what a runner says it runs. Answers the ids it really holds; a suspect attempt is running
 * again. Rows are locked in the order of their ids, as every other writer of several attempts does.
 */
export async function renewLeases(
  db: Db,
  args: { runnerId: string; live: HeldAttempt[]; now: Date; leaseMs: number },
): Promise<string[]> {
  const live = JSON.stringify(args.live)
  const now = args.now.toISOString()
  const result = await db.execute<{ id: string }>(sql`
    with held as (
      select a.id, j.fence_after_s from attempt a
      join jsonb_to_recordset(${live}::jsonb) as l("attemptId" text, fence bigint) on l."attemptId" = a.id and l.fence = a.fence
      join job j on j.id = a.job_id
      where a.runner_id = ${args.runnerId} and a.ended_at is null and a.state <> 'offered'
      order by a.id for update of a)
    update attempt a set
      lease_until = ${now}::timestamptz + make_interval(secs => ${args.leaseMs}::float8 / 1000),
      fence_until = ${now}::timestamptz + make_interval(secs => greatest(${args.leaseMs}::float8 / 1000, held.fence_after_s)),
      state = case when a.state = 'suspect' then 'running' else a.state end
    from held where a.id = held.id returning a.id`)
  return result.rows.map(({ id }) => id)
}

export async function setAttemptToken(db: Db, args: { id: string; tokenSha256: string }): Promise<void> {
  await db.update(attempt).set({ tokenSha256: args.tokenSha256 }).where(eq(attempt.id, args.id))
}

/** The live attempt whose training process holds this token, with its job's run and project; null from its end on. */
export async function findAttemptByToken(db: Db, sha256: string) {
  const [row] = await db
    .select({ attemptId: attempt.id, fence: attempt.fence, jobId: job.id, runId: job.runId, project })
    .from(attempt)
    .innerJoin(job, eq(attempt.jobId, job.id))
    .innerJoin(project, eq(attempt.projectId, project.id))
    .where(and(eq(attempt.tokenSha256, sha256), isNull(attempt.endedAt), ne(attempt.state, 'offered')))
  return row ?? null
}

/** Whether the attempt lives; it cannot end before the caller's transaction does. */
export async function shareLiveAttempt(db: Db, args: { id: string; fence: number }): Promise<boolean> {
  const rows = await db
    .select({ id: attempt.id })
    .from(attempt)
    .where(and(eq(attempt.id, args.id), eq(attempt.fence, args.fence), isNull(attempt.endedAt)))
    .for('share')
  return rows.length > 0
}

/** The number by which MLflow clients know the run's experiment. */
export async function findExperimentNumberOfRun(db: Db, runId: string): Promise<number> {
  const [row] = await db
    .select({ number: experiment.number })
    .from(run)
    .innerJoin(experiment, eq(run.experimentId, experiment.id))
    .where(eq(run.id, runId))
  if (!row) throw new Error(`run ${runId} has no experiment`)
  return row.number
}

export async function setLogBytes(db: Db, args: { id: string; logBytes: number }): Promise<void> {
  await db.update(attempt).set({ logBytes: args.logBytes }).where(eq(attempt.id, args.id))
}

export async function setNextMetricSeq(db: Db, args: { id: string; nextMetricSeq: number }): Promise<void> {
  await db.update(attempt).set({ nextMetricSeq: args.nextMetricSeq }).where(eq(attempt.id, args.id))
}

export async function listOwnedDevices(db: Db, attemptId: string) {
  return db.select().from(device).where(eq(device.attemptId, attemptId)).orderBy(asc(device.index))
}
