import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

/** Append-only and hash-chained: the audit log and the release ledger. Migrations forbid UPDATE and DELETE by a trigger. */
export const ledgerEntry = pgTable(
  'ledger_entry',
  {
    projectId: projectId(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    at: at('at').notNull(),
    actor: actor('actor'),
    action: text('action').notNull(),
    targetKind: text('target_kind').notNull(),
    targetId: text('target_id').notNull(),
    summary: text('summary').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
    prevHash: text('prev_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.seq] }),
    index('ledger_target').on(t.projectId, t.targetId),
    index('ledger_at').on(t.projectId, t.at),
  ],
)

/** Every SHA-256 that an entry names, in its detail or as its target, written by a trigger: such bytes are never collected. */
export const ledgerBlob = pgTable(
  'ledger_blob',
  { sha256: text('sha256').notNull(), projectId: projectId(), seq: bigint('seq', { mode: 'number' }).notNull() },
  (t) => [primaryKey({ columns: [t.sha256, t.projectId, t.seq] })],
)

/** Newest link per project; its row lock orders the writers of one chain. */
export const ledgerHead = pgTable('ledger_head', {
  projectId: text('project_id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
})

/** One effect per key: the answer is stored in the effect's own transaction. */
export const idempotency = pgTable(
  'idempotency',
  {
    principalId: text('principal_id').notNull(),
    verb: text('verb').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    answer: jsonb('answer').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.principalId, t.verb, t.key] }), index('idempotency_created').on(t.createdAt)],
)

/** Work announced by a commit, swept by the worker if its nudge is lost. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    projectId: projectId(),
    topic: text('topic').notNull(),
    payload: jsonb('payload').$type<Record<string, string | number>>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    createdAt: at('created_at').notNull(),
    availableAt: at('available_at').notNull(),
    doneAt: at('done_at'),
    lastError: text('last_error'),
  },
  (t) => [index('outbox_due').on(t.availableAt)],
)
