import { doublePrecision, index, pgTable, primaryKey, real, text } from 'drizzle-orm/pg-core'
import { at, projectId } from './columns.ts'

/** PARTITION BY RANGE (at), one partition a day: the migration adds what drizzle cannot say. */
export const prediction = pgTable(
  'prediction',
  {
    id: text('id').notNull(),
    at: at('at').notNull(),
    projectId: projectId(),
    endpointId: text('endpoint_id').notNull(),
    variantId: text('variant_id').notNull(),
    modelVersionId: text('model_version_id').notNull(),
    latencyMs: doublePrecision('latency_ms').notNull(),
    label: text('label'),
    score: doublePrecision('score'),
    traceId: text('trace_id'),
    features: real('features').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.at] }), index('prediction_endpoint').on(t.endpointId, t.at)],
)

/** The truth, when it comes. It may arrive before its prediction does. */
export const feedback = pgTable(
  'feedback',
  {
    predictionId: text('prediction_id').primaryKey(),
    projectId: projectId(),
    label: text('label').notNull(),
    at: at('at').notNull(),
    recordedAt: at('recorded_at').notNull(),
  },
  (t) => [index('feedback_recorded').on(t.projectId, t.recordedAt)],
)
