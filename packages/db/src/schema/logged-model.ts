import { bigint, doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'
import { experiment } from './run.ts'

/** A model that a run wrote and may never register (MLflow 3). */
export const loggedModel = pgTable(
  'logged_model',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    experimentId: text('experiment_id')
      .notNull()
      .references(() => experiment.id),
    name: text('name').notNull(),
    status: text('status').$type<'unspecified' | 'pending' | 'ready' | 'failed'>().notNull(),
    statusMessage: text('status_message'),
    modelType: text('model_type').notNull().default(''),
    sourceRunId: text('source_run_id'),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    deletedAt: at('deleted_at'),
  },
  (t) => [
    index('logged_model_experiment').on(t.experimentId, t.createdAt.desc(), t.id),
    index('logged_model_run').on(t.sourceRunId),
  ],
)

export const loggedModelParam = pgTable(
  'logged_model_param',
  {
    loggedModelId: text('logged_model_id')
      .notNull()
      .references(() => loggedModel.id),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.loggedModelId, t.key] })],
)

export const loggedModelTag = pgTable(
  'logged_model_tag',
  {
    loggedModelId: text('logged_model_id')
      .notNull()
      .references(() => loggedModel.id),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.loggedModelId, t.key] })],
)

/** A metric of a run that was logged for a model, and on which dataset; '' where none was named. */
export const loggedModelMetric = pgTable(
  'logged_model_metric',
  {
    loggedModelId: text('logged_model_id')
      .notNull()
      .references(() => loggedModel.id),
    projectId: projectId(),
    key: text('key').notNull(),
    atMs: bigint('at_ms', { mode: 'bigint' }).notNull(),
    step: bigint('step', { mode: 'bigint' }).notNull(),
    value: doublePrecision('value').notNull(),
    runId: text('run_id').notNull(),
    datasetName: text('dataset_name').notNull().default(''),
    datasetDigest: text('dataset_digest').notNull().default(''),
  },
  (t) => [
    primaryKey({
      name: 'logged_model_metric_point',
      columns: [t.loggedModelId, t.key, t.atMs, t.step, t.value, t.runId, t.datasetName, t.datasetDigest],
    }),
  ],
)

/** Models that a run read or wrote. */
export const runModel = pgTable(
  'run_model',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    direction: text('direction').$type<'input' | 'output'>().notNull(),
    loggedModelId: text('logged_model_id').notNull(),
    step: bigint('step', { mode: 'bigint' }).notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.direction, t.loggedModelId, t.step] }),
    index('run_model_logged_model').on(t.loggedModelId),
  ],
)
