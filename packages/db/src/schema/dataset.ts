import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

export const dataset = pgTable(
  'dataset',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('dataset_name').on(t.projectId, t.name)],
)

/** Immutable: a correction is a new version. */
export const datasetVersion = pgTable(
  'dataset_version',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    datasetId: text('dataset_id')
      .notNull()
      .references(() => dataset.id),
    version: integer('version').notNull(),
    sha256: text('sha256').notNull(),
    format: text('format').$type<'csv' | 'csv.gz'>().notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    rows: integer('rows').notNull(),
    labelColumn: text('label_column').notNull(),
    classes: jsonb('classes').$type<string[]>().notNull(),
    columns: jsonb('columns').$type<unknown[]>().notNull(),
    /** Plan and part sizes; the row numbers follow from plan and seed. */
    split: jsonb('split').$type<Record<string, unknown>>().notNull(),
    gates: jsonb('gates').$type<unknown[]>().notNull(),
    leakage: jsonb('leakage').$type<unknown[]>().notNull(),
    blocked: boolean('blocked').notNull(),
    description: text('description').notNull(),
    licence: text('licence').notNull(),
    sourceNote: text('source_note').notNull(),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('dataset_version_number').on(t.datasetId, t.version),
    index('dataset_version_project').on(t.projectId),
  ],
)
