import { bigint, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, projectId } from './columns.ts'

/** Bytes known by their hash; where they lie is the store's business. */
export const blob = pgTable('blob', {
  sha256: text('sha256').primaryKey(),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  /** When somebody last stored it, let go of it or was about to name it: the collector counts from here. */
  heldAt: at('created_at').notNull(),
})

/** Which projects may read a blob: hashes are guessable by whoever holds the file. */
export const blobAccess = pgTable(
  'blob_access',
  {
    projectId: projectId(),
    sha256: text('sha256')
      .notNull()
      .references(() => blob.sha256),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.sha256] })],
)

export const upload = pgTable(
  'upload',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    sha256: text('sha256').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    mediaType: text('media_type').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    completedAt: at('completed_at'),
  },
  (t) => [index('upload_expires').on(t.expiresAt)],
)

export const artifact = pgTable(
  'artifact',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    /** The run (`run_`) or logged model (`lm_`) it belongs to. */
    ownerId: text('owner_id').notNull(),
    path: text('path').notNull(),
    kind: text('kind').notNull(),
    sha256: text('sha256')
      .notNull()
      .references(() => blob.sha256),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    mediaType: text('media_type').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('artifact_path').on(t.ownerId, t.path), index('artifact_blob').on(t.sha256)],
)
