import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { AttemptRow, JobRow } from './rows.ts'

export type AttemptEnding = {
  attemptId: string
  fence: number
  now: Date
  attempt: AttemptRow['state']
  failClass: AttemptRow['failClass']
  exitCode: number | null
  reason: string
  job: JobRow['state']
  infraRestarts: number
  availableAt: Date
  modelVersionId: string | null
  /** Take the runner out of placement with it, so that the job is not offered to a dead machine again. */
  takeRunnerOut: boolean
}

const OVER: readonly JobRow['state'][] = ['succeeded', 'failed', 'canceled']

/**
 * The one way in which an attempt ends: attempt, devices, job and runner in one statement, guarded by the fence.
 * False when it had ended already.
 */
export async function endAttemptRow(db: Db, ending: AttemptEnding): Promise<boolean> {
  const now = ending.now.toISOString()
  const endedAt = OVER.includes(ending.job) ? now : null
  const result = await db.execute<{ ended: number; moved: number }>(sql`
    with ended as (
      update attempt set state = ${ending.attempt}, fail_class = ${ending.failClass}, exit_code = ${ending.exitCode},
        reason = ${ending.reason}, ended_at = ${now}::timestamptz
      where id = ${ending.attemptId} and fence = ${ending.fence} and ended_at is null
      returning id, job_id, runner_id),
    freed as (update device set attempt_id = null where attempt_id in (select id from ended)),
    parted as (
      update runner set state = 'offline'
      where ${ending.takeRunnerOut} and state = 'online' and id in (select runner_id from ended)),
    moved as (
      update job set state = ${ending.job}, infra_restarts = ${ending.infraRestarts}, why_waiting = null,
        available_at = ${ending.availableAt.toISOString()}::timestamptz, ended_at = ${endedAt}::timestamptz,
        model_version_id = coalesce(${ending.modelVersionId}, model_version_id)
      where state = 'active' and id in (select job_id from ended)
      returning id)
    select (select count(*)::int from ended) as ended, (select count(*)::int from moved) as moved`)
  const row = result.rows[0]
  if (row?.ended === 1 && row.moved !== 1)
    throw new Error(`attempt ${ending.attemptId} ended but its job was not active`)
  return row?.ended === 1
}
