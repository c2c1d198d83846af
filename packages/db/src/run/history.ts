import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** Where a page of a history begins: after this point. */
export type PointKey = { atMs: bigint; step: bigint; value: number }
export type PointRow = PointKey & { runId: string }

type Row = { run_id: string; at_ms: string; step: string; value: number }

/**
 * Points of one metric of a run, ordered by (time, step, value); at most `limit`, after `after`. The metric is asked for
 * in a subquery so that one partition is read, and in the order of its key.
 */
export async function readHistory(
  db: Db,
  args: { projectId: string; runId: string; key: string; after?: PointKey; limit: number },
): Promise<PointRow[]> {
  const { after, runId } = args
  const behind = after
    ? sql`and (at_ms, step, value) > (${String(after.atMs)}::bigint, ${String(after.step)}::bigint,
        ${String(after.value)}::float8)`
    : sql``
  const { rows } = await db.execute<Row>(sql`
    select ${runId} as run_id, at_ms::text as at_ms, step::text as step, value from metric_point p
    where metric_id = (select id from metric
      where project_id = ${args.projectId} and run_id = ${runId} and key = ${args.key}) ${behind}
    order by p.at_ms, p.step, p.value limit ${args.limit}`)
  return rows.map(pointOf)
}

/** Points of one metric of several runs, ordered by run and then as in a history; at most `limit` in all. */
export async function readHistories(
  db: Db,
  args: {
    projectId: string
    runIds: readonly string[]
    key: string
    /** Only metrics with no more points than this. */
    maxPoints?: number
    fromStep?: bigint
    toStep?: bigint
    limit: number
  },
): Promise<PointRow[]> {
  const { fromStep, toStep, maxPoints } = args
  const { rows } = await db.execute<Row>(sql`
    select m.run_id, p.at_ms::text as at_ms, p.step::text as step, p.value
    from metric m cross join lateral (
      select * from metric_point where metric_id = m.id
        ${fromStep === undefined ? sql`` : sql`and step >= ${String(fromStep)}::bigint`}
        ${toStep === undefined ? sql`` : sql`and step <= ${String(toStep)}::bigint`}
      order by at_ms, step, value limit ${args.limit}) p
    where m.project_id = ${args.projectId} and m.run_id = any(${sql.param([...args.runIds])}::text[])
      and m.key = ${args.key} ${maxPoints === undefined ? sql`` : sql`and m.points <= ${maxPoints}`}
    order by m.run_id, p.at_ms, p.step, p.value limit ${args.limit}`)
  return rows.map(pointOf)
}

function pointOf(row: Row): PointRow {
  return { runId: row.run_id, atMs: BigInt(row.at_ms), step: BigInt(row.step), value: row.value }
}
