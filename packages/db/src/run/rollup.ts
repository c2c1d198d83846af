import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/**
 * A metric has roll-ups exactly while it has this many points: what is shorter is read raw. The SQL functions `log_points`
 * and `roll_up` (migrations/0007_log_batch.sql) know this number, the levels and the limit of sums too.
 */
export const ROLLUP_FROM_POINTS = 1024

/**
 * Rows of (level, bits): ranges of 64, 4096 and 262144 steps, as the bits to shift a step by, which rounds down also
 * below 0.
 */
export const ROLLUP_LEVELS = sql.raw('(values (1::smallint, 6), (2::smallint, 12), (3::smallint, 18))')

/** Sums stay finite: a value beyond this counts as this. A thousand million of them are still below the largest double. */
const SUM_LIMIT = sql.raw('1e299::float8')

/** The condition that a value is neither NaN nor infinite. */
export const isFiniteSql = (value: SQL): SQL => sql`(${value} > '-Infinity' and ${value} < 'Infinity')`

/** The sum of the finite ones of these values; 0 where there are none. */
export const finiteSumSql = (value: SQL): SQL =>
  sql`coalesce(sum(greatest(least(${value}, ${SUM_LIMIT}), -${SUM_LIMIT})) filter (where ${isFiniteSql(value)}), 0)`

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
  await db.execute(sql`
    select roll_up('{}', '{}', '{}', '{}',
      array(select id from metric where id = ${ids} and points >= ${ROLLUP_FROM_POINTS}), ${from})`)
}
