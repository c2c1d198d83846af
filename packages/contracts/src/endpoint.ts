import { z } from 'zod'
import { ActorRef, Bps, IdempotencyKey, IsoTime, idOf, ModelName, Slug, Text } from './common.ts'

export const CreateEndpoint = z.object({
  project: Slug,
  name: Slug,
  modelVersionId: idOf('mv'),
  idempotencyKey: IdempotencyKey,
})

/** One deployed revision of an endpoint, shown as r{number}. */
export const Variant = z.object({
  id: idOf('var'),
  number: z.number().int(),
  modelVersionId: idOf('mv'),
  model: ModelName,
  modelVersion: z.number().int(),
  role: z.enum(['stable', 'canary', 'retired']),
  weightBps: Bps,
  /** Share of the requests of the last minute; null without traffic. */
  observedBps: Bps.nullable(),
  createdAt: IsoTime,
})
export type Variant = z.infer<typeof Variant>

export const TrafficPoint = z.object({
  at: IsoTime,
  variant: z.number().int(),
  requests: z.number().int(),
  errors: z.number().int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
})
export type TrafficPoint = z.infer<typeof TrafficPoint>

export const EndpointHealth = z.enum(['healthy', 'degraded', 'down', 'idle'])
export const EndpointSummary = z.object({
  id: idOf('ep'),
  name: Slug,
  health: EndpointHealth,
  generation: z.number().int(),
  /** True once every live gateway reports this generation. */
  observed: z.boolean(),
  gateways: z.array(
    z.object({
      id: idOf('gwy'),
      name: z.string(),
      observedGeneration: z.number().int(),
      lastSeenAt: IsoTime,
      live: z.boolean(),
    }),
  ),
  variants: z.array(Variant),
  activeRolloutId: idOf('ro').nullable(),
  pinned: z.boolean(),
  requestsPerSecond: z.number(),
  errorRatio: z.number().nullable(),
  p95Ms: z.number().nullable(),
  driftedFeatures: z.number().int().nullable(),
  firingAlerts: z.number().int(),
  lastSampleAt: IsoTime.nullable(),
  lastChange: z.object({ at: IsoTime, action: z.string(), actor: ActorRef }).nullable(),
})
export type EndpointSummary = z.infer<typeof EndpointSummary>
export const Endpoint = EndpointSummary.extend({
  traffic: z.array(TrafficPoint),
  quality: z.array(
    z.object({
      variant: z.number().int(),
      labelled: z.number().int(),
      accuracy: z.number().nullable(),
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  /** Where "roll back" would go: the last good variant other than what serves now. */
  rollbackTo: Variant.nullable(),
  rollouts: z.array(z.object({ id: idOf('ro'), number: z.number().int(), state: z.string(), startedAt: IsoTime })),
  createdAt: IsoTime,
})
export type Endpoint = z.infer<typeof Endpoint>

/** Absent `toVariantId`: the last good one. */
export const RollBack = z.object({
  project: Slug,
  endpointId: idOf('ep'),
  toVariantId: idOf('var').optional(),
  reason: Text.max(500).default(''),
  alertId: idOf('alt').optional(),
  idempotencyKey: IdempotencyKey,
})
export const RolledBack = z.object({
  generation: z.number().int(),
  from: z.array(z.number().int()),
  to: z.number().int(),
  rolloutId: idOf('ro').nullable(),
  undoUntil: IsoTime,
})
export const UndoRollBack = z.object({
  project: Slug,
  endpointId: idOf('ep'),
  generation: z.number().int(),
  idempotencyKey: IdempotencyKey,
})
