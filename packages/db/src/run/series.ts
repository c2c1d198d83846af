import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { finiteSumSql, isFiniteSql, ROLLUP_FROM_POINTS, ROLLUP_LEVELS } from './rollup.ts'

/** JSON has no NaN or infinity: PostgreSQL writes them as the texts of these names. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity'

/** A metric of a run as columns of buckets, ordered by step. A type: the query's generic takes nothing to be widened. */
export type SeriesColumns = {
  run_id: string
  key: string
  /** Of the whole metric, whatever range was asked for. */
  points: number
  /** The highest step in each bucket, as text because it may pass 2^53. */
  steps: string[] | null
  /** Of the finite values; null where there are none. */
  min: (number | null)[] | null
  max: (number | null)[] | null
  sum: number[] | null
  finite: number[] | null
  count: number[] | null
  /** The newest value of each bucket. */
  last: JsonNumber[] | null
  /** When that was logged, in milliseconds since 1970. */
  last_at_ms: string[] | null
}

export type SeriesArgs = {
  projectId: string
  runIds: readonly string[]
  /** All metrics where absent. */
  keys?: readonly string[]
  /** Both ends are in the range. A range read from roll-ups is widened to whole ones, less than a bucket on each side. */
  fromStep?: bigint
  toStep?: bigint
  buckets: number
  /** At most so many series, in the order of runs' ids and keys. */
  limit: number
}

/** Where a bucket spans fewer steps than a roll-up, at most so many points are read for it on average. */
const CROWD = 128

/**
 * Series in at most `buckets` equal ranges of steps, none of which loses an extreme. Where a bucket spans 64 steps or
 * more and the metric is long, roll-ups are read in place of points: the coarsest that still fit. So they are where very
 * many points share few steps.
 */
export async function readSeriesColumns(db: Db, args: SeriesArgs): Promise<SeriesColumns[]> {
  const { keys, buckets } = args
  const bound = (step: bigint | undefined) => sql`${step === undefined ? null : String(step)}::bigint`
  const finite = isFiniteSql(sql`p.value`)
  const result = await db.execute<SeriesColumns>(sql`
    with m as (
      select id, run_id, key, points, last_step, points >= ${ROLLUP_FROM_POINTS} as long from metric
      where project_id = ${args.projectId} and run_id = any(${sql.param([...args.runIds])}::text[])
        ${keys === undefined ? sql`` : sql`and key = any(${sql.param([...keys])}::text[])`}
      order by run_id, key limit ${args.limit}),
    range as (
      select m.*, greatest(${bound(args.fromStep)}, case when m.long
          then (select min(bucket) << 6 from metric_rollup where metric_id = m.id and level = 1)
          else (select min(step) from metric_point where metric_id = m.id) end) as low,
        least(${bound(args.toStep)}, m.last_step) as high
      from m),
    plan as (
      select *, ceil((high::numeric - low + 1) / ${buckets}) as width,
        ceil(((high >> bits) - (low >> bits) + 1) / ${buckets}::numeric)::bigint as per
      from range left join lateral (
        select level, bits from ${ROLLUP_LEVELS} l(level, bits)
        where long and ((1 << bits) * ${buckets}::numeric <= high::numeric - low + 1 or level = 1 and ${CROWD * buckets} <
          (select sum(count) from metric_rollup where metric_id = range.id and metric_rollup.level = 1
            and bucket between low >> 6 and high >> 6))
        order by level desc limit 1) l on true
      where low <= high),
    bucket as (
      select plan.id, max(r.last_step) as step, min(r.min), max(r.max), sum(r.sum), sum(r.finite) as finite,
        sum(r.count) as count, (array_agg(r.last_value order by r.bucket desc))[1] as last,
        (array_agg(r.last_at_ms order by r.bucket desc))[1] as last_at_ms
      from plan join metric_rollup r on r.metric_id = plan.id and r.level = plan.level
        and r.bucket between low >> bits and high >> bits
      group by plan.id, (r.bucket - (low >> bits)) / per
      union all
      select plan.id, max(p.step), min(p.value) filter (where ${finite}), max(p.value) filter (where ${finite}),
        ${finiteSumSql(sql`p.value`)},
        count(*) filter (where ${finite}), count(*),
        (array_agg(p.value order by p.step desc, p.at_ms desc, p.value desc))[1],
        (array_agg(p.at_ms order by p.step desc, p.at_ms desc))[1]
      from plan join metric_point p on p.metric_id = plan.id and p.step between low and high
      where plan.level is null group by plan.id, div(p.step::numeric - low, width))
    select m.run_id, m.key, m.points, b.* from m left join lateral (
      select json_agg(step::text order by step) as steps, json_agg(min order by step) as min,
        json_agg(max order by step) as max, json_agg(sum order by step) as sum, json_agg(finite order by step) as finite,
        json_agg(count order by step) as count, json_agg(last order by step) as last,
        json_agg(last_at_ms::text order by step) as last_at_ms
      from bucket where bucket.id = m.id) b on true
    order by m.run_id, m.key`)
  return result.rows
}
