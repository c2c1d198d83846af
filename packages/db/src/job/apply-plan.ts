import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { JobRow } from './rows.ts'

export type PlannedAttempt = { jobId: string; attemptId: string; runnerId: string; devices: number[] }

/**
 * Jobs go active, attempts are offered and devices change hands in one statement. False when anything planned was not
 * as the plan saw it: the caller rolls back.
 */
export async function applyPlan(
  db: Db,
  args: { planned: PlannedAttempt[]; now: Date; offerUntil: Date },
): Promise<boolean> {
  const planned = JSON.stringify(args.planned)
  const now = args.now.toISOString()
  const result = await db.execute<{ made: number; owned: number }>(sql`
    with p as (
      select * from jsonb_to_recordset(${planned}::jsonb)
        as p("jobId" text, "attemptId" text, "runnerId" text, devices int[])),
    moved as (
      update job set state = 'active', attempt_no = attempt_no + 1, why_waiting = null
      from p where job.id = p."jobId" and job.state = 'queued'
      returning job.id, job.project_id, job.attempt_no),
    made as (
      insert into attempt (id, project_id, job_id, number, rank, runner_id, state, offered_at, lease_until)
      select p."attemptId", m.project_id, m.id, m.attempt_no, 0, p."runnerId", 'offered', ${now}::timestamptz,
        ${args.offerUntil.toISOString()}::timestamptz
      from moved m join p on p."jobId" = m.id returning id),
    owned as (
      update device d set attempt_id = p."attemptId" from p, unnest(p.devices) as u(index)
      where d.runner_id = p."runnerId" and d.index = u.index and d.attempt_id is null and d.health = 'ok'
      returning d.index)
    select (select count(*)::int from made) as made, (select count(*)::int from owned) as owned`)
  const devices = args.planned.reduce((sum, each) => sum + each.devices.length, 0)
  return result.rows[0]?.made === args.planned.length && result.rows[0].owned === devices
}

/** Written when it changes, so that an idle round writes nothing. Answers how many changed. */
export async function writeWhyWaiting(
  db: Db,
  reasons: { jobId: string; why: NonNullable<JobRow['whyWaiting']> }[],
): Promise<string[]> {
  if (reasons.length === 0) return []
  const result = await db.execute<{ id: string }>(sql`
    update job set why_waiting = r.why
    from jsonb_to_recordset(${JSON.stringify(reasons)}::jsonb) as r("jobId" text, why jsonb)
    where job.id = r."jobId" and job.state = 'queued' and job.why_waiting is distinct from r.why
    returning job.id`)
  return result.rows.map(({ id }) => id)
}
