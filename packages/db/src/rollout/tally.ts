import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { mergedLatency } from '../endpoint/traffic.ts'

export type ArmTally = {
  requests: number
  errors: number
  /** Per LATENCY_BOUNDS_MS, then the rest. */
  latency: number[]
  labelled: number
  wrong: number
}
export type TallyRow = ArmTally & { variantId: string; settled: boolean }

export type TallySpan = {
  projectId: string
  endpointId: string
  variantIds: string[]
  /** Predictions before this do not count. */
  startedAt: Date
  /** Unix seconds: what lies before `fromSecond` was counted for good; what lies before `settleSecond` is from now on. */
  fromSecond: number
  settleSecond: number
}

/** What two variants did: requests by the second they were served in, labels by the second they came in. */
export async function tallyVariants(db: Db, span: TallySpan): Promise<TallyRow[]> {
  const served = await db.execute<Omit<TallyRow, 'labelled' | 'wrong' | 'latency'> & { latency: string[] }>(sql`
    select variant_id as "variantId", second < ${span.settleSecond} as settled,
           sum(requests)::bigint as requests, sum(errors)::bigint as errors, ${mergedLatency} as latency
    from traffic_second
    where endpoint_id = ${span.endpointId} and second >= ${span.fromSecond}
      and variant_id = any(${sql.param(span.variantIds)}::text[])
    group by 1, 2`)
  const judged = await db.execute<Pick<TallyRow, 'variantId' | 'settled' | 'labelled' | 'wrong'>>(sql`
    select p.variant_id as "variantId", f.recorded_at < to_timestamp(${span.settleSecond}) as settled,
           count(*)::bigint as labelled, (count(*) filter (where p.label is distinct from f.label))::bigint as wrong
    from feedback f join prediction p on p.id = f.prediction_id and p.project_id = f.project_id
    where f.project_id = ${span.projectId} and f.recorded_at >= to_timestamp(${span.fromSecond})
      and p.at >= ${span.startedAt} and p.endpoint_id = ${span.endpointId}
      and p.variant_id = any(${sql.param(span.variantIds)}::text[])
    group by 1, 2`)
  return [
    ...served.rows.map((row) => ({ ...row, latency: row.latency.map(Number), labelled: 0, wrong: 0 })),
    ...judged.rows.map((row) => ({ ...row, requests: 0, errors: 0, latency: [] })),
  ]
}

/** Critical alerts of an endpoint that opened since, and are not resolved. */
export async function criticalAlertsSince(db: Db, args: { endpointId: string; since: Date }): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from alert where endpoint_id = ${args.endpointId} and severity = 'critical' and state = 'firing'
      and opened_at >= ${args.since} order by id`)
  return rows.map(({ id }) => id)
}
