import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

export const experiment = pgTable(
  'experiment',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    /** What MLflow clients call it by: one sequence for the installation, 0 for each project's `Default`. */
    number: bigint('number', { mode: 'number' }).notNull().default(sql`nextval('experiment_number')`),
    /** Stays taken while the experiment is deleted, as MLflow has it. */
    name: text('name').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),
  },
  (t) => [
    uniqueIndex('experiment_name').on(t.projectId, t.name),
    uniqueIndex('experiment_number_once').on(t.projectId, t.number),
  ],
)

export const experimentTag = pgTable(
  'experiment_tag',
  {
    experimentId: text('experiment_id')
      .notNull()
      .references(() => experiment.id),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experimentId, t.key] })],
)

/** When a run began, for lists: one that waits to start stands where it was made. */
const begun = sql`coalesce(started_at, created_at) desc nulls last`

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
    /** The job whose training process logged it; its own run or one nested in it. */
    jobId: text('job_id'),
    /** MLflow's `user_id`: what the client says, and no identity of ours. */
    userName: text('user_name').notNull().default(''),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
    deletedAt: at('deleted_at'),
    /**
     * Grows in every transaction that changes the run or what hangs on it, so that what was read of a run at one revision
     * stands as long as the revision does.
     */
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
  },
  (t) => [
    index('run_project').on(t.projectId, t.id),
    // What searches probe hundreds of runs by: one page instead of the key's three.
    index('run_probe').using('hash', t.id),
    index('run_of_experiment_begun').on(t.experimentId, begun, t.id),
    index('run_begun').on(t.projectId, begun, t.id),
    index('run_job').on(t.jobId),
  ],
)

/** What searches look values up by: values may be longer than an index takes. */
const valueStart = sql`left(value, 60)`

export const runParam = pgTable(
  'run_param',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] }), index('run_param_value').on(t.projectId, t.key, valueStart)],
)

export const runTag = pgTable(
  'run_tag',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key] }), index('run_tag_value').on(t.projectId, t.key, valueStart)],
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

/** A dataset as a client described it; one that is a version of ours says which. */
export const loggedDataset = pgTable(
  'logged_dataset',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    experimentId: text('experiment_id')
      .notNull()
      .references(() => experiment.id),
    name: text('name').notNull(),
    digest: text('digest').notNull(),
    sourceType: text('source_type').notNull(),
    source: text('source').notNull(),
    schema: text('schema'),
    profile: text('profile'),
    datasetVersionId: text('dataset_version_id'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('logged_dataset_once').on(t.experimentId, t.name, t.digest),
    index('logged_dataset_version').on(t.datasetVersionId),
  ],
)

/** A run read a logged dataset; the tags are those of the first time. */
export const runDataset = pgTable(
  'run_dataset',
  {
    runId: text('run_id').notNull(),
    projectId: projectId(),
    loggedDatasetId: text('logged_dataset_id')
      .notNull()
      .references(() => loggedDataset.id),
    /** The tag `mlflow.data.context`, which searches ask for. */
    context: text('context'),
    tags: jsonb('tags').$type<{ key: string; value: string }[]>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.loggedDatasetId] }), index('run_dataset_of').on(t.loggedDatasetId)],
)

/**
 * A metric's name in a run, as a number, so that points stay narrow; with the newest value beside it. Newest is the
 * highest (step, time, value). Steps and times are whole 64-bit numbers: read them as text where they may pass 2^53.
 */
export const metric = pgTable(
  'metric',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    projectId: projectId(),
    runId: text('run_id').notNull(),
    key: text('key').notNull(),
    lastStep: bigint('last_step', { mode: 'bigint' }).notNull(),
    lastAtMs: bigint('last_at_ms', { mode: 'bigint' }).notNull(),
    lastValue: doublePrecision('last_value').notNull(),
    /** From 1024 points on the metric has roll-ups. */
    points: bigint('points', { mode: 'number' }).notNull(),
  },
  (t) => [
    uniqueIndex('metric_key').on(t.runId, t.key),
    // Without the value, so that a point that is logged changes no index.
    index('metric_of_key').on(t.projectId, t.key),
    // As `run_probe`; asked for with the same words, beside the columns that decide.
    index('metric_probe').using('hash', sql`(run_id || key)`),
  ],
)

/**
 * PARTITION BY HASH (metric_id): the migration adds what drizzle cannot say. The key makes a repeated point a no-op (NaN
 * equals NaN here) and is the order in which a history is read.
 */
export const metricPoint = pgTable(
  'metric_point',
  {
    metricId: bigint('metric_id', { mode: 'number' }).notNull(),
    atMs: bigint('at_ms', { mode: 'bigint' }).notNull(),
    step: bigint('step', { mode: 'bigint' }).notNull(),
    value: doublePrecision('value').notNull(),
    /** Fence of the attempt that logged it; 0 outside a job. */
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.metricId, t.atMs, t.step, t.value] })],
)

/**
 * What a chart reads instead of points: ranges of 64, 4096 and 262144 steps (level 1, 2, 3). `min`, `max` and `sum` are
 * of the finite values, of which there are `finite`; `count` counts all.
 */
export const metricRollup = pgTable(
  'metric_rollup',
  {
    metricId: bigint('metric_id', { mode: 'number' }).notNull(),
    level: smallint('level').notNull(),
    /** floor(step / width of the level). */
    bucket: bigint('bucket', { mode: 'bigint' }).notNull(),
    min: doublePrecision('min'),
    max: doublePrecision('max'),
    sum: doublePrecision('sum').notNull(),
    finite: bigint('finite', { mode: 'number' }).notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    lastStep: bigint('last_step', { mode: 'bigint' }).notNull(),
    lastAtMs: bigint('last_at_ms', { mode: 'bigint' }).notNull(),
    lastValue: doublePrecision('last_value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.metricId, t.level, t.bucket] })],
)
