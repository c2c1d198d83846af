import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { ingestBatch } from '../schema/index.ts'

/** Take a batch's place in the order; false when it was taken in before. */
export async function claimBatch(
  db: Db,
  batch: { gatewayId: string; bootId: string; seq: number; at: Date },
): Promise<boolean> {
  const rows = await db.insert(ingestBatch).values(batch).onConflictDoNothing().returning({ seq: ingestBatch.seq })
  return rows.length === 1
}

export type KnownVariant = { variantId: string; endpointId: string; projectId: string; modelVersionId: string }

export async function findVariants(db: Db, variantIds: string[]): Promise<Map<string, KnownVariant>> {
  if (variantIds.length === 0) return new Map()
  const { rows } = await db.execute<KnownVariant>(sql`
    select id as "variantId", endpoint_id as "endpointId", project_id as "projectId", model_version_id as "modelVersionId"
    from variant where id = any(${sql.param(variantIds)}::text[])`)
  return new Map(rows.map((row) => [row.variantId, row]))
}

export type SecondRow = {
  endpointId: string
  variantId: string
  projectId: string
  second: number
  requests: number
  errors: number
  latency: number[]
}

/** Add seconds to what is stored. Rows must differ in (endpoint, second, variant); arrays travel as text, many at once. */
export async function addSeconds(db: Db, args: { gatewayId: string; rows: SecondRow[] }): Promise<void> {
  const { rows, gatewayId } = args
  if (rows.length === 0) return
  const column = <T>(pick: (row: SecondRow) => T) => sql.param(rows.map(pick))
  await db.execute(sql`
    insert into traffic_second as t (endpoint_id, variant_id, second, gateway_id, project_id, requests, errors, latency)
    select e, v, s, ${gatewayId}, p, r, x, l::int[]
    from unnest(${column((row) => row.endpointId)}::text[], ${column((row) => row.variantId)}::text[],
      ${column((row) => row.second)}::bigint[], ${column((row) => row.projectId)}::text[],
      ${column((row) => row.requests)}::int[], ${column((row) => row.errors)}::int[],
      ${column((row) => `{${row.latency.join(',')}}`)}::text[]) as u(e, v, s, p, r, x, l)
    order by e, s, v
    on conflict (endpoint_id, second, variant_id, gateway_id) do update set
      requests = t.requests + excluded.requests,
      errors = t.errors + excluded.errors,
      latency = (select array_agg(a + b order by i) from unnest(t.latency, excluded.latency) with ordinality as z(a, b, i))`)
}

export type PredictionInsert = {
  id: string
  at: Date
  projectId: string
  endpointId: string
  variantId: string
  modelVersionId: string
  latencyMs: number
  label: string | null
  score: number | null
  traceId: string | null
  /** Values a 4-byte float can hold, or null. */
  features: (number | null)[]
}

/** Insert predictions; one that is there already stays as it is. Answers how many were new. */
export async function insertPredictions(db: Db, rows: PredictionInsert[]): Promise<number> {
  if (rows.length === 0) return 0
  const column = <T>(pick: (row: PredictionInsert) => T) => sql.param(rows.map(pick))
  const { rowCount } = await db.execute(sql`
    insert into prediction (id, at, project_id, endpoint_id, variant_id, model_version_id, latency_ms, label, score, trace_id, features)
    select i, a, p, e, v, m, l, b, s, t, f::real[]
    from unnest(${column((row) => row.id)}::text[], ${column((row) => row.at.toISOString())}::timestamptz[],
      ${column((row) => row.projectId)}::text[], ${column((row) => row.endpointId)}::text[],
      ${column((row) => row.variantId)}::text[], ${column((row) => row.modelVersionId)}::text[],
      ${column((row) => row.latencyMs)}::float8[], ${column((row) => row.label)}::text[],
      ${column((row) => row.score)}::float8[], ${column((row) => row.traceId)}::text[],
      ${column((row) => `{${row.features.map((value) => value ?? 'null').join(',')}}`)}::text[])
      as u(i, a, p, e, v, m, l, b, s, t, f)
    on conflict do nothing`)
  return rowCount ?? 0
}
