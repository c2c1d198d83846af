import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { attempt, device, job, project, runner } from '../schema/index.ts'
import type { JobRow } from './rows.ts'

/** Guards every planning round of the installation. */
const PLAN_LOCK = 7_204_534
const HEADS_PER_PROJECT = 100

/** One planner at a time; the next statement sees what the last one committed. */
export async function lockPlan(db: Db): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(${PLAN_LOCK})`)
}

/** All runners that are not disabled, with their devices. */
export async function readFleet(db: Db) {
  const runners = await db
    .select()
    .from(runner)
    .where(inArray(runner.state, ['online', 'offline', 'draining']))
  const devices = await db.select().from(device)
  return runners.map((row) => ({ runner: row, devices: devices.filter(({ runnerId }) => runnerId === row.id) }))
}

/** Devices in use by project and kind of device (`cpu` or not). */
export async function readShares(db: Db) {
  const projects = await db.select().from(project)
  const used = await db
    .select({
      projectId: attempt.projectId,
      isCpu: sql<boolean>`${device.kind} = 'cpu'`,
      used: sql<number>`count(*)::int`,
    })
    .from(device)
    .innerJoin(attempt, eq(device.attemptId, attempt.id))
    .where(isNotNull(device.attemptId))
    .groupBy(attempt.projectId, sql`${device.kind} = 'cpu'`)
  return projects.map((row) => {
    const usedOf = (isCpu: boolean) =>
      used.find((entry) => entry.projectId === row.id && entry.isCpu === isCpu)?.used ?? 0
    return { id: row.id, weight: row.weight, gpuQuota: row.gpuQuota, usedGpus: usedOf(false), usedSlots: usedOf(true) }
  })
}

/** The heads of each project's queue, best first. */
export async function readQueue(db: Db): Promise<JobRow[]> {
  const heads = db
    .select({
      id: job.id,
      place: sql<number>`row_number() over (partition by ${job.projectId} order by ${job.priority} desc, ${job.id})`.as(
        'place',
      ),
    })
    .from(job)
    .where(eq(job.state, 'queued'))
    .as('heads')
  return db
    .select({ job })
    .from(job)
    .innerJoin(heads, and(eq(heads.id, job.id), sql`${heads.place} <= ${HEADS_PER_PROJECT}`))
    .then((rows) => rows.map((row) => row.job))
}
