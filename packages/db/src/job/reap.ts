import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

export type LateAttempt = { attemptId: string; jobId: string; state: string; leaseUntil: Date; fenceUntil: Date | null }

/** Live attempts whose lease ran out, oldest first. */
export async function listLateAttempts(db: Db, args: { now: Date; limit: number }): Promise<LateAttempt[]> {
  const result = await db.execute<{
    id: string
    job_id: string
    state: string
    lease_until: Date
    fence_until: Date | null
  }>(sql`
    select id, job_id, state, lease_until, fence_until from attempt
    where ended_at is null and lease_until < ${args.now.toISOString()}::timestamptz order by lease_until limit ${args.limit}`)
  return result.rows.map((row) => ({
    attemptId: row.id,
    jobId: row.job_id,
    state: row.state,
    leaseUntil: new Date(row.lease_until),
    fenceUntil: row.fence_until === null ? null : new Date(row.fence_until),
  }))
}

/** running -> suspect and the runner out of placement, in one statement that checks the lease again. */
export async function markSuspect(db: Db, args: { attemptIds: string[]; now: Date }) {
  const ids = JSON.stringify(args.attemptIds)
  const result = await db.execute<{ id: string; job_id: string; project_id: string }>(sql`
    with late as (
      select id from attempt where ended_at is null and state in ('running', 'stopping')
        and lease_until < ${args.now.toISOString()}::timestamptz
        and id in (select jsonb_array_elements_text(${ids}::jsonb)) order by id for update skip locked),
    marked as (
      update attempt set state = 'suspect' from late where attempt.id = late.id
      returning attempt.id, attempt.job_id, attempt.runner_id, attempt.project_id),
    parted as (update runner set state = 'offline' where state = 'online' and id in (select runner_id from marked))
    select id, job_id, project_id from marked`)
  return result.rows.map((row) => ({ attemptId: row.id, jobId: row.job_id, projectId: row.project_id }))
}

/** Attempts past their time limit and its slack are told to stop; the first reason given stays. Answers their runners. */
export async function orderTimeouts(db: Db, args: { now: Date; slackMs: number }): Promise<string[]> {
  const result = await db.execute<{ runner_id: string }>(sql`
    with late as (
      select a.id from attempt a join job j on j.id = a.job_id
      where a.ended_at is null and a.stop_reason is null and a.started_at is not null
        and a.started_at + make_interval(secs => j.timeout_s + ${args.slackMs}::float8 / 1000) < ${args.now.toISOString()}::timestamptz
      order by a.id for update of a skip locked)
    update attempt set stop_reason = 'timeout' from late where attempt.id = late.id returning attempt.runner_id`)
  return [...new Set(result.rows.map((row) => row.runner_id))]
}
