import { doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, projectId } from './columns.ts'

export const driftReport = pgTable(
  'drift_report',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    endpointId: text('endpoint_id').notNull(),
    variantId: text('variant_id').notNull(),
    referenceDatasetVersionId: text('reference_dataset_version_id').notNull(),
    windowFrom: at('window_from').notNull(),
    windowTo: at('window_to').notNull(),
    nReference: integer('n_reference').notNull(),
    nCurrent: integer('n_current').notNull(),
    method: jsonb('method').$type<Record<string, unknown>>().notNull(),
    verdict: text('verdict').$type<'ok' | 'warn' | 'critical' | 'insufficient'>().notNull(),
    drifted: integer('drifted').notNull(),
    maxD: doublePrecision('max_d').notNull(),
    features: jsonb('features').$type<unknown[]>().notNull(),
    prediction: jsonb('prediction').$type<Record<string, unknown>>(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    index('drift_endpoint').on(t.endpointId, t.windowTo),
    uniqueIndex('drift_window').on(t.endpointId, t.variantId, t.windowTo),
  ],
)
