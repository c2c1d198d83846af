import { z } from 'zod'
import { ActorRef, DisplayName, IdempotencyKey, IsoTime, idOf, Slug, Text } from './common.ts'

export const Severity = z.enum(['critical', 'warning', 'info'])
export const AlertState = z.enum(['firing', 'acked', 'resolved'])
export const Delivery = z.object({
  id: idOf('dlv'),
  channel: z.string(),
  kind: z.string(),
  /** What was told: an alert is announced when it fires, gets worse, gets an owner, and ends. */
  transition: z.enum(['fired', 'escalated', 'acked', 'resolved']),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  nextAt: IsoTime.nullable(),
  deliveredAt: IsoTime.nullable(),
})
export const AlertSummary = z.object({
  id: idOf('alt'),
  rule: z.string(),
  severity: Severity,
  state: AlertState,
  summary: z.string(),
  endpointId: idOf('ep').nullable(),
  endpoint: Slug.nullable(),
  count: z.number().int(),
  openedAt: IsoTime,
  lastSeenAt: IsoTime,
  ackedBy: ActorRef.nullable(),
  resolvedAt: IsoTime.nullable(),
  resolution: z.string().nullable(),
  deliveries: z.array(Delivery),
})
export const Alert = AlertSummary.extend({
  project: Slug,
  evidence: z.record(z.string(), z.unknown()),
  driftReportId: idOf('drf').nullable(),
  rolloutId: idOf('ro').nullable(),
  /** What changed on the endpoint in the 30 minutes before. */
  changesBefore: z.array(z.object({ at: IsoTime, action: z.string(), actor: ActorRef, detail: z.string() })),
  timeline: z.array(z.object({ at: IsoTime, action: z.string(), actor: ActorRef, detail: z.string() })),
})
export type Alert = z.infer<typeof Alert>
export const ActOnAlert = z.object({
  project: Slug,
  alertId: idOf('alt'),
  action: z.enum(['ack', 'resolve']),
  note: Text.max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})

export const ChannelKind = z.enum(['webhook'])
export const CreateChannel = z.object({
  project: Slug,
  name: DisplayName,
  kind: ChannelKind,
  settings: z.record(z.string(), z.unknown()),
  idempotencyKey: IdempotencyKey,
})
/** Secrets are never read back. */
export const Channel = z.object({
  id: idOf('chn'),
  name: z.string(),
  kind: ChannelKind,
  settings: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  createdAt: IsoTime,
})
/** `secret` verifies the signatures (Standard Webhooks); returned once. */
export const CreatedChannel = Channel.extend({ secret: z.string() })
