import { z } from 'zod'
import { Bps, IsoTime, idOf, ModelName, Sha256, Slug, Text } from './common.ts'
import { TensorSpec } from './model.ts'

export const SnapshotVariant = z.object({
  id: idOf('var'),
  number: z.number().int(),
  role: z.enum(['stable', 'canary']),
  weightBps: Bps,
  modelVersionId: idOf('mv'),
  model: ModelName,
  modelVersion: z.number().int(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  input: TensorSpec,
  outputs: z.array(TensorSpec),
  classes: z.array(z.string()),
})
export const SnapshotEndpoint = z.object({
  id: idOf('ep'),
  projectId: idOf('prj'),
  project: Slug,
  name: Slug,
  generation: z.number().int(),
  salt: z.string(),
  variants: z.array(SnapshotVariant).min(1),
})
export type SnapshotEndpoint = z.infer<typeof SnapshotEndpoint>
/** Only what admission needs: never the secret. */
export const SnapshotKey = z.object({
  id: idOf('key'),
  sha256: Sha256,
  projectIds: z.array(idOf('prj')),
  expiresAt: IsoTime.nullable(),
  requestsPerSecond: z.number(),
  burst: z.number(),
})
export const Snapshot = z.object({
  generation: z.number().int(),
  at: IsoTime,
  endpoints: z.array(SnapshotEndpoint),
  keys: z.array(SnapshotKey),
})
export type Snapshot = z.infer<typeof Snapshot>

/** Long poll: answers as soon as the snapshot's generation differs from `have`, or with null after `waitMs`. */
export const PullSnapshot = z.object({ have: z.number().int(), waitMs: z.number().int().min(0).max(55_000) })
export const PulledSnapshot = z.object({ snapshot: Snapshot.nullable() })

/** What this gateway serves now; also its heartbeat. */
export const Observe = z.object({
  name: Text.min(1).max(100),
  bootId: Text.max(64),
  endpoints: z.array(z.object({ endpointId: idOf('ep'), generation: z.number().int() })),
})

export const LATENCY_BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000,
] as const

/** One second of one variant. `latency` counts requests up to each LATENCY_BOUNDS_MS, then the rest. Not cumulative. */
export const TrafficSecond = z.object({
  endpointId: idOf('ep'),
  variantId: idOf('var'),
  /** Unix time in whole seconds. */
  second: z.number().int(),
  requests: z.number().int().min(0),
  errors: z.number().int().min(0),
  latency: z.array(z.number().int().min(0)).length(LATENCY_BOUNDS_MS.length + 1),
})
export type TrafficSecond = z.infer<typeof TrafficSecond>

export const PredictionRecord = z.object({
  id: idOf('prd'),
  endpointId: idOf('ep'),
  variantId: idOf('var'),
  modelVersionId: idOf('mv'),
  at: IsoTime,
  latencyMs: z.number(),
  /** One row of the model's input, flattened. */
  features: z.array(z.number().nullable()).max(100_000),
  label: z.string().nullable(),
  score: z.number().nullable(),
  traceId: z.string().nullable(),
})
export type PredictionRecord = z.infer<typeof PredictionRecord>

/** Idempotent by (bootId, seq) for seconds and by id for predictions. Acknowledged after commit. */
export const Ingest = z.object({
  bootId: Text.max(64),
  seq: z.number().int().min(0),
  seconds: z.array(TrafficSecond).max(5000),
  predictions: z.array(PredictionRecord).max(2000),
})
export const Ingested = z.object({ seq: z.number().int(), stored: z.number().int(), refused: z.number().int() })
