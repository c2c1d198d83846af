import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { actor, at, projectId, revision } from './columns.ts'

export const rollout = pgTable(
  'rollout',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    endpointId: text('endpoint_id').notNull(),
    number: integer('number').notNull(),
    fromVariantId: text('from_variant_id').notNull(),
    toVariantId: text('to_variant_id').notNull(),
    state: text('state').$type<'progressing' | 'paused' | 'rolled_back' | 'promoted' | 'aborted'>().notNull(),
    policy: jsonb('policy').$type<Record<string, unknown>>().notNull(),
    stepIndex: integer('step_index').notNull(),
    stepStartedAt: at('step_started_at').notNull(),
    /** Folded e-processes; what was counted so far stands in `evidenceTo`. */
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    /** Seconds up to here are folded in. */
    evidenceTo: at('evidence_to').notNull(),
    reason: text('reason'),
    revision: revision(),
    startedBy: actor('started_by'),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('rollout_active').on(t.endpointId).where(sql`state in ('progressing', 'paused')`),
    uniqueIndex('rollout_number').on(t.endpointId, t.number),
  ],
)

/** The course of each guard, for the chart. */
export const rolloutEvidence = pgTable(
  'rollout_evidence',
  {
    rolloutId: text('rollout_id').notNull(),
    at: at('at').notNull(),
    guard: text('guard').notNull(),
    projectId: projectId(),
    logE: doublePrecision('log_e').notNull(),
  },
  (t) => [primaryKey({ columns: [t.rolloutId, t.at, t.guard] })],
)

/** Requests, errors and latency of one variant in one second, as gateways counted them. */
export const trafficSecond = pgTable(
  'traffic_second',
  {
    endpointId: text('endpoint_id').notNull(),
    variantId: text('variant_id').notNull(),
    second: bigint('second', { mode: 'number' }).notNull(),
    gatewayId: text('gateway_id').notNull(),
    projectId: projectId(),
    requests: integer('requests').notNull(),
    errors: integer('errors').notNull(),
    /** Per bucket of LATENCY_BOUNDS_MS, not cumulative. */
    latency: integer('latency').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.endpointId, t.second, t.variantId, t.gatewayId] })],
)

/** Batches already taken in, so that a repeated one adds nothing. */
export const ingestBatch = pgTable(
  'ingest_batch',
  {
    gatewayId: text('gateway_id').notNull(),
    bootId: text('boot_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gatewayId, t.bootId, t.seq] }), index('ingest_batch_at').on(t.at)],
)
