import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId, revision } from './columns.ts'

export const model = pgTable(
  'model',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),
  },
  (t) => [uniqueIndex('model_name').on(t.projectId, t.name).where(sql`deleted_at is null`)],
)

export const modelTag = pgTable(
  'model_tag',
  {
    modelId: text('model_id')
      .notNull()
      .references(() => model.id),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.key] })],
)

export const modelVersion = pgTable(
  'model_version',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    modelId: text('model_id')
      .notNull()
      .references(() => model.id),
    version: integer('version').notNull(),
    stage: text('stage').$type<'candidate' | 'approved' | 'rejected' | 'archived'>().notNull(),
    /** MLflow's older word for where a version stands; it moves no traffic. */
    mlflowStage: text('mlflow_stage').$type<'None' | 'Staging' | 'Production' | 'Archived'>().notNull().default('None'),
    /** Only ONNX is served; all else is kept as it came and never opened. */
    format: text('format').$type<'onnx' | 'opaque'>().notNull().default('onnx'),
    description: text('description').notNull().default(''),
    /** The URI that a client registered it from. */
    source: text('source').notNull().default(''),
    runLink: text('run_link').notNull().default(''),
    loggedModelId: text('logged_model_id'),
    /** What people wrote on its card; the rest of the card is made from the records. */
    card: jsonb('card').$type<Record<string, string>>().notNull().default({}),
    /** Of the ONNX file; for opaque formats of the list of its files. */
    sha256: text('sha256').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    signature: jsonb('signature').$type<Record<string, unknown>>().notNull(),
    classes: jsonb('classes').$type<string[]>().notNull(),
    runId: text('run_id'),
    jobId: text('job_id'),
    datasetVersionId: text('dataset_version_id'),
    codeCommit: text('code_commit').notNull(),
    gates: jsonb('gates').$type<unknown[]>().notNull(),
    gatesPassed: boolean('gates_passed').notNull(),
    revision: revision(),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),
  },
  (t) => [
    uniqueIndex('model_version_number').on(t.modelId, t.version),
    uniqueIndex('model_version_job').on(t.jobId),
    index('model_version_project').on(t.projectId),
    index('model_version_dataset').on(t.datasetVersionId),
    index('model_version_run').on(t.runId),
    index('model_version_logged_model').on(t.loggedModelId),
    index('model_version_blob').on(t.sha256),
  ],
)

export const modelVersionTag = pgTable(
  'model_version_tag',
  {
    modelVersionId: text('model_version_id')
      .notNull()
      .references(() => modelVersion.id),
    projectId: projectId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelVersionId, t.key] })],
)

/** The files of a version as they were when it was registered: what is overwritten at its source later changes nothing. */
export const modelVersionFile = pgTable(
  'model_version_file',
  {
    modelVersionId: text('model_version_id')
      .notNull()
      .references(() => modelVersion.id),
    projectId: projectId(),
    path: text('path').notNull(),
    sha256: text('sha256').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    mediaType: text('media_type').notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelVersionId, t.path] }), index('model_version_file_blob').on(t.sha256)],
)

/** A name that points at one version of a model. */
export const modelAlias = pgTable(
  'model_alias',
  {
    modelId: text('model_id')
      .notNull()
      .references(() => model.id),
    projectId: projectId(),
    alias: text('alias').notNull(),
    modelVersionId: text('model_version_id')
      .notNull()
      .references(() => modelVersion.id),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.modelId, t.alias] }), index('model_alias_version').on(t.modelVersionId)],
)

export const evaluation = pgTable(
  'evaluation',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    modelVersionId: text('model_version_id')
      .notNull()
      .references(() => modelVersion.id),
    datasetVersionId: text('dataset_version_id'),
    split: text('split').notNull(),
    report: jsonb('report').$type<Record<string, unknown>>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('evaluation_split').on(t.modelVersionId, t.split)],
)

/** Bound to the digest the approver saw. */
export const approval = pgTable(
  'approval',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    modelVersionId: text('model_version_id')
      .notNull()
      .references(() => modelVersion.id),
    digest: text('digest').notNull(),
    state: text('state').$type<'requested' | 'approved' | 'rejected' | 'void'>().notNull(),
    comment: text('comment').notNull(),
    requestedBy: actor('requested_by'),
    requestedAt: at('requested_at').notNull(),
    decidedBy: jsonb('decided_by').$type<import('./columns.ts').Actor>(),
    decidedAt: at('decided_at'),
  },
  (t) => [index('approval_version').on(t.modelVersionId), index('approval_project').on(t.projectId, t.state)],
)
