import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** A metric has roll-ups exactly while it has this many points: what is shorter is read raw. */
export const ROLLUP_FROM_POINTS = 1024

/**
 * Rows of (level, bits): ranges of 64, 4096 and 262144 steps, as the bits to shift a step by, which rounds down also
 * below 0.
 */
export const ROLLUP_LEVELS = sql.raw('(values (1::smallint, 6), (2::smallint, 12), (3::smallint, 18))')

/** Sums stay finite: a value beyond this counts as this. A thousand million of them are still below the largest double. */
const SUM_LIMIT = sql.raw('1e299::float8')

const COLUMNS = sql`metric_id, level, bucket, min, max, sum, finite, count, last_step, last_at_ms, last_value`

/** The condition that a value is neither NaN nor infinite. */
export const isFiniteSql = (value: SQL): SQL => sql`(${value} > '-Infinity' and ${value} < 'Infinity')`

/** The sum of the finite ones of these values; 0 where there are none. */
export const finiteSumSql = (value: SQL): SQL =>
  sql`coalesce(sum(greatest(least(${value}, ${SUM_LIMIT}), -${SUM_LIMIT})) filter (where ${isFiniteSql(value)}), 0)`

/**
 * Roll the rows of `source` (metric_id, step, at_ms, value; a point once) up into `metric_rollup`, on top of what is
 * there; the text of an INSERT without its WITH. `where` chooses among levels `l` and rows `s`.
 */
export function rollUp(source: SQL, where = sql`true`): SQL {
  const newest = (column: 'at_ms' | 'value') =>
    sql`(array_agg(s.${sql.raw(column)} order by s.step desc, s.at_ms desc, s.value desc))[1]`
  return sql`
    insert into metric_rollup as r (${COLUMNS})
    select s.metric_id, l.level, s.step >> l.bits,
      min(s.value) filter (where s.finite), max(s.value) filter (where s.finite),
      ${finiteSumSql(sql`s.value`)},
      count(*) filter (where s.finite), count(*), max(s.step), ${newest('at_ms')}, ${newest('value')}
    from (select *, ${isFiniteSql(sql`value`)} as finite from (${source}) p) s
      cross join ${ROLLUP_LEVELS} l(level, bits)
    where ${where} group by s.metric_id, l.level, s.step >> l.bits
    on conflict (metric_id, level, bucket) do update set
      min = least(r.min, excluded.min), max = greatest(r.max, excluded.max), sum = r.sum + excluded.sum,
      finite = r.finite + excluded.finite, count = r.count + excluded.count,
      (last_step, last_at_ms, last_value) = (
        select * from (values (r.last_step, r.last_at_ms, r.last_value),
          (excluded.last_step, excluded.last_at_ms, excluded.last_value)) v(step, at_ms, value)
        order by step desc, at_ms desc, value desc limit 1)`
}

/**
 * Make the roll-ups of these metrics anew from their points, all or those that hold steps from `fromStep` on. The caller
 * holds their run's row.
 */
export async function rebuildRollups(db: Db, args: { metricIds: readonly number[]; fromStep?: bigint }): Promise<void> {
  if (args.metricIds.length === 0) return
  const ids = sql`any(${sql.param([...args.metricIds])}::bigint[])`
  const from = sql`${String(args.fromStep ?? -(2n ** 63n))}::bigint`
  await db.execute(sql`
    delete from metric_rollup r using metric m, ${ROLLUP_LEVELS} l(level, bits)
    where m.id = ${ids} and r.metric_id = m.id and r.level = l.level
      and (r.bucket >= ${from} >> l.bits or m.points < ${ROLLUP_FROM_POINTS})`)
  const points = sql`
    select p.metric_id, p.step, p.at_ms, p.value from metric m join metric_point p on p.metric_id = m.id
    where m.id = ${ids} and m.points >= ${ROLLUP_FROM_POINTS}`
  await db.execute(rollUp(points, sql`s.step >> l.bits >= ${from} >> l.bits`))
}
