import { z } from 'zod'
import { INT4_MAX, idOf, Sha256, Text } from './common.ts'
import { MetricPoint, RecipeSpec } from './recipe.ts'

export const PROTOCOL_VERSION = 1

/** Places from 1000 on are the slots for jobs without a device. */
const MAX_DEVICE_INDEX = 999

export const Device = z.object({
  index: z.number().int().min(0).max(MAX_DEVICE_INDEX),
  kind: z.enum(['nvidia', 'amd', 'mps', 'cpu']),
  uuid: Text.max(100),
  model: Text.max(200),
  memoryMb: z.number().int().min(0).max(INT4_MAX),
  health: z.enum(['ok', 'suspect', 'bad']),
})
export const RunnerFacts = z.object({
  name: Text.min(1).max(100),
  version: Text.max(50),
  labels: z.array(Text.max(63)).max(20),
  slots: z.number().int().min(0).max(256),
  cpus: z.number().int().min(1).max(INT4_MAX),
  memoryMb: z.number().int().min(1).max(INT4_MAX),
  devices: z
    .array(Device)
    .max(64)
    .refine((devices) => new Set(devices.map(({ index }) => index)).size === devices.length, 'two share an index'),
  recipes: z.array(Text.max(63)).max(200),
})
/** enrol token in the Authorization header -> the runner's own token, returned once. */
export const Enrol = z.object({ facts: RunnerFacts })
export const Enrolled = z.object({ runnerId: idOf('rnr'), token: Text })

export const LiveAttempt = z.object({ attemptId: idOf('att'), fence: z.number().int() })
export const Hello = z.object({
  sessionId: Text.min(8).max(64),
  bootId: Text.max(64),
  protocol: z.number().int(),
  facts: RunnerFacts,
  live: z.array(LiveAttempt).max(256),
})
export const Greeted = z.object({
  keep: z.array(idOf('att')),
  kill: z.array(idOf('att')),
  beatMs: z.number().int(),
  leaseMs: z.number().int(),
  pollMs: z.number().int(),
})

/** Liveness of an idle runner is its poll. */
export const Poll = z.object({ sessionId: Text, waitMs: z.number().int().min(0).max(55_000) })
export const Offer = z.object({ attemptId: idOf('att'), jobId: idOf('job'), recipe: Text, name: Text })
export const StopOrder = z.object({
  attemptId: idOf('att'),
  reason: z.enum(['cancel', 'preempt', 'timeout', 'drain', 'fenced']),
  graceMs: z.number().int(),
})
export type StopOrder = z.infer<typeof StopOrder>
export const Polled = z.object({ offers: z.array(Offer), stops: z.array(StopOrder) })

export const Accept = z.object({ attemptId: idOf('att') })
export const Accepted = z.object({
  fence: z.number().int(),
  fenceAfterMs: z.number().int(),
  timeoutMs: z.number().int(),
  spec: RecipeSpec,
  inputs: z.array(z.object({ file: Text, sha256: Sha256, sizeBytes: z.number().int() })),
  devices: z.array(z.object({ index: z.number().int(), uuid: Text })),
  traceparent: Text.nullable(),
  /** With what the training process logs over MLflow's protocol, to a run and experiment as MLflow names them. */
  mlflow: z.object({ token: Text, runId: Text, experimentId: Text }).nullable().default(null),
})
export type Accepted = z.infer<typeof Accepted>
export const Reject = z.object({ attemptId: idOf('att'), reason: Text.max(500) })

export const Beat = z.object({ sessionId: Text, live: z.array(LiveAttempt).max(256) })
export const Beaten = z.object({ stops: z.array(StopOrder), fenced: z.array(idOf('att')) })

/** Log bytes go by PUT to apps/api `/attempts/{attemptId}/log?fence=&offset=` as application/octet-stream. */
export const LogAck = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ok'), size: z.number().int() }),
  z.object({ state: z.literal('gap'), next: z.number().int() }),
])

/** `seq` counts batches of one attempt from 0; a repeated seq changes nothing. */
export const LogMetrics = LiveAttempt.extend({ seq: z.number().int().min(0), points: z.array(MetricPoint).max(1000) })
export const MetricsAck = z.object({ nextSeq: z.number().int() })

export const AttachArtifact = LiveAttempt.extend({
  path: Text.min(1).max(500),
  kind: Text.max(50),
  sha256: Sha256,
})

export const BeginAttemptUpload = LiveAttempt.extend({
  sha256: Sha256,
  sizeBytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 33),
  mediaType: Text.max(200),
})

export const Finish = LiveAttempt.extend({
  outcome: z.enum(['succeeded', 'failed', 'canceled', 'preempted']),
  exitCode: z.number().int().min(-INT4_MAX).max(INT4_MAX).nullable(),
  failClass: z.enum(['user', 'infra', 'oom', 'timeout', 'preempt']).nullable(),
  reason: Text.max(2000).nullable(),
  logBytes: z.number().int().min(0),
  nextMetricSeq: z.number().int().min(0),
  /** The parsed `result.json`, needed when the outcome is `succeeded`. */
  result: z.unknown().optional(),
})
export const Finished = z.object({ state: z.enum(['recorded', 'already']), jobState: Text })
