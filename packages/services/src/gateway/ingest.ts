import type { Ingest, PredictionRecord, TrafficSecond } from '@modelyard/contracts'
import {
  addSeconds,
  claimBatch,
  findVariants,
  insertPredictions,
  type KnownVariant,
  type PredictionInsert,
  type SecondRow,
} from '@modelyard/db'
import type { z } from 'zod'
import { asGateway } from '../access.ts'
import type { Ctx } from '../context.ts'
import { addHistograms } from '../endpoint/histogram.ts'

const INT4_MAX = 2 ** 31 - 1
const DAY_MS = 86_400_000
/** Older than any spool should be; newer than any clock should be wrong. */
const OLDEST_MS = 30 * DAY_MS
const NEWEST_MS = 3_600_000

type Known = ReadonlyMap<string, KnownVariant>
type Answer = { seq: number; stored: number; refused: number }

/**
 * Take in what a gateway counted and logged. A batch counts once, whatever the network did: by (gateway, boot, sequence
 * number), and predictions once more by id. Rows we cannot keep are counted as refused and never fail the batch, or a
 * gateway's spool would stand still for ever. The answer leaves after the commit.
 */
export async function ingest(ctx: Ctx, input: z.output<typeof Ingest>): Promise<Answer> {
  const { gatewayId } = asGateway(ctx)
  const at = ctx.now()
  const known = await findVariants(ctx.db, [
    ...new Set([...input.seconds, ...input.predictions].map(({ variantId }) => variantId)),
  ])
  const seconds = input.seconds.filter((row) => isSecondSound(row, known, at))
  const predictions = input.predictions.flatMap((record) => predictionOf(record, known, at) ?? [])
  const offered = input.seconds.length + input.predictions.length
  const isNew = await ctx.db.transaction(async (tx) => {
    if (!(await claimBatch(tx, { gatewayId, bootId: input.bootId, seq: input.seq, at }))) return false
    await addSeconds(tx, { gatewayId, rows: mergeSeconds(seconds, known) })
    await insertPredictions(tx, predictions)
    return true
  })
  if (!isNew) return { seq: input.seq, stored: 0, refused: 0 }
  for (const [records, taken] of [
    ['predictions', predictions],
    ['seconds', seconds],
  ] as const) {
    const stored = taken.length
    ctx.happened({ kind: 'records_taken', records, stored, refused: input[records].length - stored })
  }
  const stored = seconds.length + predictions.length
  return { seq: input.seq, stored, refused: offered - stored }
}

function isTimely(ms: number, now: Date): boolean {
  return ms > now.getTime() - OLDEST_MS && ms < now.getTime() + NEWEST_MS
}

function isSecondSound(row: TrafficSecond, known: Known, now: Date): boolean {
  const fits = [row.requests, row.errors, ...row.latency].every((count) => count <= INT4_MAX)
  const ours = known.get(row.variantId)?.endpointId === row.endpointId
  return ours && fits && row.errors <= row.requests && isTimely(row.second * 1000, now)
}

/** The same second may stand twice in a batch; an upsert may touch a row once only. */
function mergeSeconds(seconds: readonly TrafficSecond[], known: Known): SecondRow[] {
  const rows = new Map<string, SecondRow>()
  for (const row of seconds) {
    const key = `${row.variantId} ${row.second}`
    const before = rows.get(key)
    const projectId = known.get(row.variantId)?.projectId ?? ''
    rows.set(key, {
      ...row,
      projectId,
      requests: row.requests + (before?.requests ?? 0),
      errors: row.errors + (before?.errors ?? 0),
      latency: before ? addHistograms(before.latency, row.latency) : row.latency,
    })
  }
  return [...rows.values()]
}

/** A row PostgreSQL can hold, or null. Which model served follows from the variant, not from the sender. */
function predictionOf(record: z.output<typeof PredictionRecord>, known: Known, now: Date): PredictionInsert | null {
  const variant = known.get(record.variantId)
  const at = new Date(record.at)
  if (variant?.endpointId !== record.endpointId || !isTimely(at.getTime(), now)) return null
  if ([record.label, record.traceId].some((text) => text?.includes('\0'))) return null
  const features = record.features.map((value) => (value === null ? null : Math.fround(value)))
  if (!features.every((value) => value === null || Number.isFinite(value))) return null
  const { id, endpointId, variantId, latencyMs, label, score, traceId } = record
  const { projectId, modelVersionId } = variant
  return { id, at, projectId, endpointId, variantId, modelVersionId, latencyMs, label, score, traceId, features }
}
