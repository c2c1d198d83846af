import { bigint, doublePrecision, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

export const experiment = pgTable(
  'experiment',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('experiment_name').on(t.projectId, t.name)],
)

export const run = pgTable(
  'run',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    experimentId: text('experiment_id')
      .notNull()
      .references(() => experiment.id),
    name: text('name').notNull(),
    status: text('status').$type<'scheduled' | 'running' | 'finished' | 'failed' | 'killed'>().notNull(),
    codeCommit: text('code_commit').notNull().default(''),
    seed: integer('seed'),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [index('run_project').on(t.projectId, t.id), index('run_experiment').on(t.experimentId)],
)

export const runParam = pgTable(
  'run_param',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
)

export const runTag = pgTable(
  'run_tag',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] })],
)

/** Which dataset versions a run read, and as what. */
export const runInput = pgTable(
  'run_input',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    datasetVersionId: text('dataset_version_id').notNull(),
    context: text('context').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.datasetVersionId, t.context] }),
    index('run_input_dataset').on(t.datasetVersionId),
  ],
)

/** A metric's name in a run, as a number, so that points stay narrow; with the newest value beside it. */
export const metric = pgTable(
  'metric',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    projectId: projectId(),
    runId: text('run_id').notNull(),
    key: text('key').notNull(),
    lastStep: bigint('last_step', { mode: 'number' }).notNull(),
    lastAt: at('last_at').notNull(),
    lastValue: doublePrecision('last_value').notNull(),
    points: bigint('points', { mode: 'number' }).notNull(),
  },
  (t) => [uniqueIndex('metric_key').on(t.runId, t.key)],
)

/** PARTITION BY RANGE (at): the migration adds what drizzle cannot say. */
export const metricPoint = pgTable(
  'metric_point',
  {
    metricId: bigint('metric_id', { mode: 'number' }).notNull(),
    step: bigint('step', { mode: 'number' }).notNull(),
    at: at('at').notNull(),
    value: doublePrecision('value').notNull(),
    /** Fence of the attempt that logged it; 0 outside a job. */
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  },
  (t) => [index('metric_point_step').on(t.metricId, t.step)],
)
