import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId, revision } from './columns.ts'

export const endpoint = pgTable(
  'endpoint',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    /** Salt of the sticky assignment. */
    salt: text('salt').notNull(),
    /** Bumped with every change of routing; a gateway never goes back to an older one. */
    generation: bigint('generation', { mode: 'number' }).notNull(),
    stableVariantId: text('stable_variant_id').notNull(),
    canaryVariantId: text('canary_variant_id'),
    canaryBps: integer('canary_bps').notNull().default(0),
    /** Stable before the last rollback, for undo. */
    pinnedAt: at('pinned_at'),
    revision: revision(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('endpoint_name').on(t.projectId, t.name)],
)

/** One deployed revision of an endpoint, shown as r{number}. */
export const variant = pgTable(
  'variant',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    endpointId: text('endpoint_id').notNull(),
    number: integer('number').notNull(),
    modelVersionId: text('model_version_id').notNull(),
    /** When it last carried all traffic: "last good" is the newest of these that was not rolled back. */
    stableSince: at('stable_since'),
    rolledBackAt: at('rolled_back_at'),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('variant_number').on(t.endpointId, t.number),
    index('variant_model_version').on(t.modelVersionId),
  ],
)

/** Every routing an endpoint ever had, by generation: "what was live at 14:03". */
export const routing = pgTable(
  'routing',
  {
    endpointId: text('endpoint_id').notNull(),
    generation: bigint('generation', { mode: 'number' }).notNull(),
    projectId: projectId(),
    weights: jsonb('weights').$type<{ variantId: string; weightBps: number }[]>().notNull(),
    cause: text('cause').notNull(),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.endpointId, t.generation] })],
)

/** A serving process and what it serves now. */
export const gateway = pgTable('gateway', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  bootId: text('boot_id'),
  observed: jsonb('observed').$type<Record<string, number>>().notNull(),
  lastSeenAt: at('last_seen_at'),
  createdAt: at('created_at').notNull(),
})

/** One row: the generation of the whole snapshot. Its lock makes generation order the commit order. */
export const snapshotHead = pgTable('snapshot_head', {
  id: integer('id').primaryKey(),
  generation: bigint('generation', { mode: 'number' }).notNull(),
})
