import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** Not a number and the infinities are kept: a loss that burst is what one looks for. */
export type NewPoint = { key: string; step: number; value: number; at: Date }

/**
 * Add points of a run and move each metric's newest value, in one statement. Newest is the highest step, then the
 * latest time. `fence` is that of the attempt that logged them, 0 outside a job.
 */
export async function appendPoints(
  db: Db,
  args: { projectId: string; runId: string; points: readonly NewPoint[]; fence: number },
): Promise<void> {
  const { points } = args
  if (points.length === 0) return
  const column = <T>(pick: (point: NewPoint) => T) => sql.param(points.map(pick))
  await db.execute(sql`
    with incoming as (
      select * from unnest(${column(({ key }) => key)}::text[], ${column(({ step }) => step)}::bigint[],
        ${column(({ at }) => at.getTime())}::bigint[], ${column(({ value }) => String(value))}::float8[])
        with ordinality as p(key, step, at_ms, value, n)),
    newest as (select distinct on (key) * from incoming order by key, step desc, at_ms desc, value desc),
    counted as (select key, count(*) as points from incoming group by key),
    moved as (
      insert into metric as m (project_id, run_id, key, last_step, last_at_ms, last_value, points)
      select ${args.projectId}, ${args.runId}, key, step, at_ms, value, counted.points
      from newest join counted using (key) order by key
      on conflict (run_id, key) do update set
        points = m.points + excluded.points,
        last_value = case when (excluded.last_step, excluded.last_at_ms) >= (m.last_step, m.last_at_ms)
          then excluded.last_value else m.last_value end,
        last_at_ms = case when (excluded.last_step, excluded.last_at_ms) >= (m.last_step, m.last_at_ms)
          then excluded.last_at_ms else m.last_at_ms end,
        last_step = greatest(m.last_step, excluded.last_step)
      returning id, key)
    insert into metric_point (metric_id, step, at_ms, value, fence)
    select moved.id, step, at_ms, value, ${args.fence}::bigint from incoming join moved using (key) order by n
    on conflict do nothing`)
}

/**
 * Forget what earlier attempts of a run logged from `fromStep` on, before the one with `beforeFence` logs it again:
 * so a step that two attempts reached is there once. Points from outside a job (fence 0) stay.
 */
export async function dropSupersededPoints(
  db: Db,
  args: { runId: string; beforeFence: number; fromStep?: number },
): Promise<void> {
  const dropped = await db.execute(sql`
    delete from metric_point p using metric m
    where m.run_id = ${args.runId} and p.metric_id = m.id
      and p.fence > 0 and p.fence < ${args.beforeFence}::bigint and p.step >= ${args.fromStep ?? 0}::bigint
    returning 1`)
  if (dropped.rowCount === 0) return
  await db.execute(sql`
    update metric m set points = r.points, last_step = r.step, last_at_ms = r.at_ms, last_value = r.value
    from (
      select distinct on (metric_id) metric_id, step, at_ms, value, count(*) over (partition by metric_id) as points
      from metric_point where metric_id in (select id from metric where run_id = ${args.runId})
      order by metric_id, step desc, at_ms desc) r
    where m.id = r.metric_id`)
  await db.execute(sql`
    delete from metric m where m.run_id = ${args.runId}
      and not exists (select 1 from metric_point p where p.metric_id = m.id)`)
}
