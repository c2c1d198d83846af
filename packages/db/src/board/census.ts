import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { project } from '../schema/index.ts'

/** How many of what there are over the whole installation, for the metrics. */
export type Census = {
  jobs: { state: string; n: number }[]
  runners: { state: string; n: number }[]
  rollouts: { state: string; n: number }[]
  alerts: { state: string; severity: string; n: number }[]
}

export async function takeCensus(db: Db): Promise<Census> {
  const { rows } = await db.execute<{ noun: keyof Census; state: string; severity: string; n: number }>(sql`
    select 'jobs' as noun, state, '' as severity, count(*)::int as n from job where state in ('queued', 'active') group by state
    union all select 'runners', state, '', count(*)::int from runner group by state
    union all select 'rollouts', state, '', count(*)::int from rollout where state in ('progressing', 'paused') group by state
    union all select 'alerts', state, severity, count(*)::int from alert where state <> 'resolved' group by state, severity`)
  const of = (noun: keyof Census) => rows.filter((row) => row.noun === noun)
  return { jobs: of('jobs'), runners: of('runners'), rollouts: of('rollouts'), alerts: of('alerts') }
}

export async function listProjectSlugs(db: Db): Promise<{ id: string; slug: string }[]> {
  return db.select({ id: project.id, slug: project.slug }).from(project)
}
