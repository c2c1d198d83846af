import { and, asc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { attempt, device, job, machineToken, runner } from '../schema/index.ts'

export type RunnerRow = typeof runner.$inferSelect
export type DeviceRow = typeof device.$inferSelect
export type NewRunner = typeof runner.$inferInsert

/** Whether an enrolment token has a use left; its row stays locked, so that enrolments follow one another. */
export async function lockEnrolToken(db: Db, args: { sha256: string; now: Date }): Promise<boolean> {
  const found = await db
    .select({ sha256: machineToken.sha256 })
    .from(machineToken)
    .where(
      and(
        eq(machineToken.sha256, args.sha256),
        eq(machineToken.kind, 'enrol'),
        gt(machineToken.usesLeft, 0),
        isNull(machineToken.revokedAt),
        or(isNull(machineToken.expiresAt), gt(machineToken.expiresAt, args.now)),
      ),
    )
    .for('update')
  return found.length === 1
}

/** Forget what this token let in under that name and was never heard of: its runner did not get the answer. */
export async function forgetUnheard(db: Db, args: { enrolSha256: string; name: string }): Promise<void> {
  const unheard = db
    .select({ id: runner.id })
    .from(runner)
    .innerJoin(machineToken, and(eq(machineToken.runnerId, runner.id), eq(machineToken.createdBy, args.enrolSha256)))
    .where(and(isNull(runner.lastSeenAt), eq(runner.name, args.name)))
  const ids = (await unheard).map(({ id }) => id)
  if (ids.length === 0) return
  await db.delete(machineToken).where(inArray(machineToken.runnerId, ids))
  await db.delete(device).where(inArray(device.runnerId, ids))
  await db.delete(runner).where(inArray(runner.id, ids))
}

/** Take the use of the enrolment token that let this runner in; false when none is left. */
export async function spendEnrolTokenOf(db: Db, runnerId: string): Promise<boolean> {
  const own = db
    .select({ createdBy: machineToken.createdBy })
    .from(machineToken)
    .where(and(eq(machineToken.runnerId, runnerId), eq(machineToken.kind, 'runner')))
  const spent = await db
    .update(machineToken)
    .set({ usesLeft: sql`${machineToken.usesLeft} - 1` })
    .where(and(inArray(machineToken.sha256, own), eq(machineToken.kind, 'enrol'), gt(machineToken.usesLeft, 0)))
    .returning({ sha256: machineToken.sha256 })
  return spent.length === 1
}

/** Orders the hellos of one runner; attempts may go on referring to its row meanwhile. */
export async function lockRunner(db: Db, id: string): Promise<RunnerRow | null> {
  const [row] = await db.select().from(runner).where(eq(runner.id, id)).for('no key update')
  return row ?? null
}

/** A runner with its own token; `createdBy` is the hash of the enrolment token that let it in. */
export async function insertRunner(db: Db, args: { row: NewRunner; tokenSha256: string; createdBy: string }) {
  await db.insert(runner).values(args.row)
  await db.insert(machineToken).values({
    sha256: args.tokenSha256,
    kind: 'runner',
    runnerId: args.row.id,
    createdBy: args.createdBy,
    createdAt: args.row.createdAt,
  })
}

/** What a runner says of itself when it opens a session; a disabled one stays disabled. */
export async function greetRunner(db: Db, id: string, facts: Partial<NewRunner>): Promise<RunnerRow | null> {
  const [row] = await db
    .update(runner)
    .set({ ...facts, state: sql`case when ${runner.state} = 'disabled' then 'disabled' else 'online' end` })
    .where(eq(runner.id, id))
    .returning()
  return row ?? null
}

/** Count this call as a sign of life. Null when another session of the runner took over. */
export async function touchRunner(db: Db, args: { id: string; sessionId: string; now: Date }) {
  const [row] = await db
    .update(runner)
    .set({
      lastSeenAt: args.now,
      state: sql`case when ${runner.state} = 'offline' then 'online' else ${runner.state} end`,
    })
    .where(and(eq(runner.id, args.id), eq(runner.sessionId, args.sessionId)))
    .returning({ state: runner.state })
  return row ?? null
}

/** It leaves by itself: no offers until it says hello again. */
export async function drainRunner(db: Db, args: { id: string; sessionId: string }): Promise<boolean> {
  const rows = await db
    .update(runner)
    .set({ state: 'draining' })
    .where(
      and(eq(runner.id, args.id), eq(runner.sessionId, args.sessionId), inArray(runner.state, ['online', 'offline'])),
    )
    .returning({ id: runner.id })
  return rows.length === 1
}

/** Runners nobody heard of since: they get no offers until they call again. */
export async function setSilentRunnersOffline(db: Db, args: { seenBefore: Date }): Promise<string[]> {
  const rows = await db
    .update(runner)
    .set({ state: 'offline' })
    .where(and(inArray(runner.state, ['online', 'draining']), lt(runner.lastSeenAt, args.seenBefore)))
    .returning({ id: runner.id })
  return rows.map(({ id }) => id)
}

export async function findRunner(db: Db, id: string): Promise<RunnerRow | null> {
  const [row] = await db.select().from(runner).where(eq(runner.id, id))
  return row ?? null
}

export async function listRunnerRows(db: Db): Promise<{ runner: RunnerRow; devices: DeviceRow[] }[]> {
  const runners = await db.select().from(runner).orderBy(asc(runner.id))
  const devices = await db.select().from(device).orderBy(asc(device.runnerId), asc(device.index))
  return runners.map((row) => ({ runner: row, devices: devices.filter(({ runnerId }) => runnerId === row.id) }))
}

/** Jobs of one project that are on runners now. */
export async function listLiveJobs(db: Db, projectId: string) {
  return db
    .select({ runnerId: attempt.runnerId, jobId: job.id, name: job.name })
    .from(attempt)
    .innerJoin(job, eq(attempt.jobId, job.id))
    .where(and(eq(attempt.projectId, projectId), isNull(attempt.endedAt)))
    .orderBy(asc(job.id))
}
