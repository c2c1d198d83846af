import { z } from 'zod'
import { ActorRef, Bps, IdempotencyKey, IsoTime, idOf, Slug, Text } from './common.ts'
import { Variant } from './endpoint.ts'

export const RolloutStep = z.object({
  weightBps: Bps,
  minDwellS: z.number().min(0).max(604_800),
  minUnits: z.number().int().min(0),
})
export const GuardKind = z.enum(['errors', 'quality', 'latency'])
export const RolloutPolicy = z.object({
  steps: z.array(RolloutStep).min(1).max(20),
  /** Bound on the chance of rolling back a healthy version, over the whole rollout. */
  alpha: z.number().min(0.0001).max(0.1).default(0.01),
  guards: z.array(GuardKind).min(1).default(['errors', 'quality', 'latency']),
  /** Odds ratio up to which "worse" is tolerated. */
  margin: z.number().min(1).max(5).default(1.25),
  maxDurationS: z.number().int().min(10).max(2_592_000).default(86_400),
})
export type RolloutPolicy = z.infer<typeof RolloutPolicy>

export const StartRollout = z.object({
  project: Slug,
  endpointId: idOf('ep'),
  modelVersionId: idOf('mv'),
  policy: RolloutPolicy,
  idempotencyKey: IdempotencyKey,
})
export const RolloutState = z.enum(['progressing', 'paused', 'rolled_back', 'promoted', 'aborted'])

export const GuardEvidence = z.object({
  guard: GuardKind,
  control: z.object({ units: z.number().int(), bad: z.number().int() }),
  canary: z.object({ units: z.number().int(), bad: z.number().int() }),
  /** Natural log of the e-value against "the canary is not worse". */
  logE: z.number(),
  /** The rollback is due when logE reaches it: ln(1/alpha of this guard). */
  logThreshold: z.number(),
  /** Any-time-valid p = 1 / max e so far. */
  p: z.number(),
  verdict: z.enum(['pass', 'inconclusive', 'fail']),
})
export type GuardEvidence = z.infer<typeof GuardEvidence>

export const RolloutEvent = z.object({ at: IsoTime, actor: ActorRef, action: z.string(), detail: z.string() })
export const Rollout = z.object({
  id: idOf('ro'),
  number: z.number().int(),
  endpointId: idOf('ep'),
  endpoint: Slug,
  state: RolloutState,
  revision: z.number().int(),
  from: Variant,
  to: Variant,
  policy: RolloutPolicy,
  stepIndex: z.number().int(),
  stepStartedAt: IsoTime,
  guards: z.array(GuardEvidence),
  /** One sentence of cause, once it ended. */
  reason: z.string().nullable(),
  /** The error bound of the verdict in plain words. */
  bound: z.string(),
  evidenceSeries: z.array(z.object({ at: IsoTime, guard: GuardKind, logE: z.number() })),
  events: z.array(RolloutEvent),
  startedBy: ActorRef,
  startedAt: IsoTime,
  endedAt: IsoTime.nullable(),
})
export type Rollout = z.infer<typeof Rollout>

export const CommandRollout = z.object({
  project: Slug,
  rolloutId: idOf('ro'),
  command: z.enum(['pause', 'resume', 'promote', 'abort', 'roll_back']),
  revision: z.number().int(),
  reason: Text.max(500).default(''),
  idempotencyKey: IdempotencyKey,
})
