import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at } from './columns.ts'

/** A machine that claims jobs. Runners serve the whole installation, so they stand outside projects. */
export const runner = pgTable('runner', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  state: text('state').$type<'online' | 'offline' | 'draining' | 'disabled'>().notNull(),
  labels: text('labels').array().notNull(),
  recipes: text('recipes').array().notNull(),
  version: text('version').notNull(),
  slots: integer('slots').notNull(),
  cpus: integer('cpus').notNull(),
  memoryMb: integer('memory_mb').notNull(),
  sessionId: text('session_id'),
  bootId: text('boot_id'),
  lastSeenAt: at('last_seen_at'),
  createdAt: at('created_at').notNull(),
})

/** One owner per device by construction. */
export const device = pgTable(
  'device',
  {
    runnerId: text('runner_id')
      .notNull()
      .references(() => runner.id),
    index: integer('index').notNull(),
    kind: text('kind').notNull(),
    uuid: text('uuid').notNull(),
    model: text('model').notNull(),
    memoryMb: integer('memory_mb').notNull(),
    health: text('health').$type<'ok' | 'suspect' | 'bad'>().notNull(),
    attemptId: text('attempt_id'),
  },
  (t) => [primaryKey({ columns: [t.runnerId, t.index] }), index('device_attempt').on(t.attemptId)],
)

/** Credentials of runners and gateways, and enrolment tokens: SHA-256 of 256 random bits. */
export const machineToken = pgTable(
  'machine_token',
  {
    sha256: text('sha256').primaryKey(),
    kind: text('kind').$type<'enrol' | 'runner' | 'gateway'>().notNull(),
    runnerId: text('runner_id').references(() => runner.id),
    gatewayId: text('gateway_id'),
    usesLeft: integer('uses_left'),
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [index('machine_token_runner').on(t.runnerId)],
)
