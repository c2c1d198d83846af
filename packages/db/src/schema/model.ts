import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId, revision } from './columns.ts'

export const model = pgTable(
  'model',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('model_name').on(t.projectId, t.name)],
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
  },
  (t) => [
    uniqueIndex('model_version_number').on(t.modelId, t.version),
    uniqueIndex('model_version_job').on(t.jobId),
    index('model_version_project').on(t.projectId),
    index('model_version_dataset').on(t.datasetVersionId),
  ],
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
