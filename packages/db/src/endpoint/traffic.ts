import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

const BUCKETS = 21

/** Requests of one variant in one span, with the merged latency histogram (per LATENCY_BOUNDS_MS, then the rest). */
export type TrafficRow = {
  endpointId: string
  variantId: string
  /** First second of the span, unix time. */
  second: number
  requests: number
  errors: number
  latency: number[]
}

/** Sums of a histogram column, bucket by bucket. */
export const mergedLatency = sql.raw(
  `array[${Array.from({ length: BUCKETS }, (_, index) => `sum(latency[${index + 1}])`).join(', ')}]::bigint[]`,
)

/** Histograms are added up bucket by bucket, so that quantiles are taken of the whole and never averaged. */
export async function sumTraffic(
  db: Db,
  args: { endpointIds: string[]; fromSecond: number; toSecond: number; spanS: number },
): Promise<TrafficRow[]> {
  if (args.endpointIds.length === 0) return []
  const { rows } = await db.execute<Omit<TrafficRow, 'latency'> & { latency: string[] }>(sql`
    select endpoint_id as "endpointId", variant_id as "variantId",
           min(second - mod(second - ${args.fromSecond}::bigint, ${args.spanS}::bigint))::bigint as "second",
           sum(requests)::bigint as "requests", sum(errors)::bigint as "errors", ${mergedLatency} as "latency"
    from traffic_second
    where endpoint_id = any(${sql.param(args.endpointIds)}::text[])
      and second >= ${args.fromSecond} and second < ${args.toSecond}
    group by endpoint_id, variant_id, (second - ${args.fromSecond}::bigint) / ${args.spanS}::bigint
    order by 3, 1, 2`)
  return rows.map((row) => ({ ...row, latency: row.latency.map(Number) }))
}

/** The newest second with a request, per endpoint. */
export async function lastSamples(db: Db, endpointIds: string[]): Promise<Map<string, number>> {
  if (endpointIds.length === 0) return new Map()
  const { rows } = await db.execute<{ id: string; second: number | null }>(sql`
    select id, (select max(second) from traffic_second where endpoint_id = e.id) as second
    from unnest(${sql.param(endpointIds)}::text[]) as e(id)`)
  return new Map(rows.flatMap(({ id, second }) => (second === null ? [] : [[id, second]])))
}

export type LabelCounts = { variantId: string; labelled: number; correct: number }

/** Predictions of an endpoint since `from` whose truth is known, per variant. */
export async function countLabels(db: Db, args: { endpointId: string; from: Date }): Promise<LabelCounts[]> {
  const { rows } = await db.execute<LabelCounts>(sql`
    select p.variant_id as "variantId", count(*)::int as "labelled",
           count(*) filter (where p.label = f.label)::int as "correct"
    from prediction p join feedback f on f.prediction_id = p.id and f.project_id = p.project_id
    where p.endpoint_id = ${args.endpointId} and p.at >= ${args.from}
    group by p.variant_id`)
  return rows
}
