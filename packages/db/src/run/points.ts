import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { ROLLUP_FROM_POINTS, rebuildRollups, rollUp } from './rollup.ts'

/** Not a number and the infinities are kept: a loss that burst is what one looks for. */
export type NewPoint = { key: string; step: bigint; atMs: bigint; value: number }

/**
 * The parts of a WITH that add points to a run whose row the transaction holds.
 * A point that is there already, or twice among these, is added once and counted once. Metrics that are known are updated
 * by their number: an insert that finds the conflict takes twice as long, and under the lock nobody else makes any.
 * Nothing here waits for another writer of the run, and a point newer than the newest of its metric is known to be fresh
 * without a look.
 */
export function addPoints(args: { projectId: string; runId: string; fence: number; points: readonly NewPoint[] }): SQL {
  const { points } = args
  const once = new Set(points.map(({ key }) => key)).size === points.length
  return sql`
    incoming as materialized (
      select ${once ? sql`` : sql`distinct`} key, step, at_ms, value from ${pointRows(points)}),
    fresh as materialized (
      select i.*, k.id, k.points as before from incoming i left join metric k on k.run_id = ${args.runId} and k.key = i.key
      where k.id is null or (i.step, i.at_ms, i.value) > (k.last_step, k.last_at_ms, k.last_value)
        or not exists (select 1 from metric_point p
          where p.metric_id = k.id and p.at_ms = i.at_ms and p.step = i.step and p.value = i.value)),
    newest as ${once ? ONE_EACH : NEWEST_OF_EACH},
    updated as (
      update metric m set points = m.points + n.points,
        last_step = case when ${IS_NEWER} then n.step else m.last_step end,
        last_at_ms = case when ${IS_NEWER} then n.at_ms else m.last_at_ms end,
        last_value = case when ${IS_NEWER} then n.value else m.last_value end
      from newest n where m.id = n.id and m.run_id = ${args.runId}),
    made as (
      insert into metric (project_id, run_id, key, last_step, last_at_ms, last_value, points)
      select ${args.projectId}, ${args.runId}, key, step, at_ms, value, points from newest where id is null order by key
      returning id, key),
    added as (
      insert into metric_point (metric_id, at_ms, step, value, fence)
      select coalesce(fresh.id, made.id), at_ms, step, value, ${args.fence}::bigint from fresh left join made using (key)),
    long as materialized (
      select coalesce(n.id, made.id) as id, n.key, n.before from newest n left join made using (key)
      where coalesce(n.before, 0) + n.points >= ${ROLLUP_FROM}),
    rolled as (${rollUp(ROLLED_POINTS)})`
}

/** Above this a plan made for few rows is slow, and below it one for many. */
const MANY = 32

/** Rows p(key, step, at_ms, value). A plan that is kept expects ten of them; numbering them makes it expect a thousand. */
function pointRows(points: readonly NewPoint[]): SQL {
  const number = points.length > MANY ? sql`, generate_series(1, ${points.length}::int)` : sql``
  return sql`rows from (
    unnest(${arrayText(points.map(({ key }) => quoted(key)))}::text[]),
    unnest(${arrayText(points.map(({ step }) => step))}::bigint[]),
    unnest(${arrayText(points.map(({ atMs }) => atMs))}::bigint[]),
    unnest(${arrayText(points.map(({ value }) => value))}::float8[])${number}) as p(key, step, at_ms, value)`
}

/** Ten times faster than the driver, which looks at the type of every element. */
const arrayText = (elements: readonly (string | number | bigint)[]) => `{${elements.join(',')}}`
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

const ONE_EACH = sql`not materialized (select *, 1::bigint as points from fresh)`
const NEWEST_OF_EACH = sql`materialized (
  select distinct on (key) *, count(*) over (partition by key) as points from fresh
  order by key, step desc, at_ms desc, value desc)`

const IS_NEWER = sql.raw('(n.step, n.at_ms, n.value) > (m.last_step, m.last_at_ms, m.last_value)')

const ROLLUP_FROM = sql.raw(String(ROLLUP_FROM_POINTS))

/**
 * What is new to the roll-ups: the fresh points, and all before them when a metric gets roll-ups just now. The offset makes
 * that a look-up a metric in every plan: one expects many such metrics and would read the points of everybody.
 */
const ROLLED_POINTS = sql`
  select long.id as metric_id, step, at_ms, value from fresh join long using (key)
  union all
  select long.id, p.* from long cross join lateral (
    select step, at_ms, value from metric_point where metric_id = long.id offset 0) p
    where long.before < ${ROLLUP_FROM}`

/** Hold a run's row, at its next revision, until the transaction ends: whoever changes what hangs on a run does this first. */
async function lockRun(db: Db, runId: string): Promise<void> {
  await db.execute(sql`update run set revision = revision + 1 where id = ${runId}`)
}

/**
 * Add points of a run, move each metric's newest value (the highest step, then time, then value) and its roll-ups.
 * `fence` is that of the attempt that logged them, 0 outside a job. Inside a transaction: it holds the run's row.
 */
export async function appendPoints(
  db: Db,
  args: { projectId: string; runId: string; points: readonly NewPoint[]; fence: number },
): Promise<void> {
  if (args.points.length === 0) return
  await lockRun(db, args.runId)
  await db.execute(sql`with ${addPoints(args)} select 1`)
}

const LOWEST_STEP = -(2n ** 63n)

/**
 * Forget what earlier attempts of a run logged, all or from `fromStep` on, before the one with `beforeFence` logs it again:
 * so a step that two attempts reached is there once. Points from outside a job (fence 0) stay. Inside a transaction.
 */
export async function dropSupersededPoints(
  db: Db,
  args: { runId: string; beforeFence: number; fromStep?: number },
): Promise<void> {
  const fromStep = args.fromStep === undefined ? LOWEST_STEP : BigInt(args.fromStep)
  await lockRun(db, args.runId)
  const dropped = await db.execute<{ id: number; points: number }>(sql`
    with dropped as (
      delete from metric_point p using metric m
      where m.run_id = ${args.runId} and p.metric_id = m.id
        and p.fence > 0 and p.fence < ${args.beforeFence}::bigint and p.step >= ${String(fromStep)}::bigint
      returning m.id)
    select id, count(*) as points from dropped group by id`)
  const metricIds = dropped.rows.map(({ id }) => id)
  if (metricIds.length === 0) return
  const ids = sql.param(metricIds)
  const counts = sql.param(dropped.rows.map(({ points }) => points))
  await db.execute(sql`
    update metric m set points = m.points - d.points,
      last_step = coalesce(left_over.step, 0), last_at_ms = coalesce(left_over.at_ms, 0),
      last_value = coalesce(left_over.value, 0)
    from unnest(${ids}::bigint[], ${counts}::bigint[]) as d(id, points)
      left join lateral (
        select step, at_ms, value from metric_point where metric_id = d.id
        order by step desc, at_ms desc, value desc limit 1) left_over on true
    where m.id = d.id`)
  await rebuildRollups(db, { metricIds, fromStep })
  await db.execute(sql`delete from metric where id = any(${ids}::bigint[]) and points = 0`)
}
