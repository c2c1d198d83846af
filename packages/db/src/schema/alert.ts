import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { type Actor, at, projectId, revision } from './columns.ts'

export const alert = pgTable(
  'alert',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    endpointId: text('endpoint_id'),
    rule: text('rule').notNull(),
    fingerprint: text('fingerprint').notNull(),
    severity: text('severity').$type<'critical' | 'warning' | 'info'>().notNull(),
    state: text('state').$type<'firing' | 'acked' | 'resolved'>().notNull(),
    summary: text('summary').notNull(),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    driftReportId: text('drift_report_id'),
    rolloutId: text('rollout_id'),
    count: integer('count').notNull(),
    /** Clean evaluations in a row, for auto-resolve. */
    cleanCount: integer('clean_count').notNull().default(0),
    openedAt: at('opened_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    ackedBy: jsonb('acked_by').$type<Actor>(),
    ackedAt: at('acked_at'),
    resolvedAt: at('resolved_at'),
    resolution: text('resolution'),
    revision: revision(),
  },
  (t) => [
    uniqueIndex('alert_open').on(t.projectId, t.fingerprint).where(sql`state <> 'resolved'`),
    index('alert_project').on(t.projectId, t.openedAt),
    index('alert_endpoint').on(t.endpointId),
  ],
)

export const alertChannel = pgTable(
  'alert_channel',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull(),
    /** AES-256-GCM under the installation's secret; never read back. */
    sealedSecret: text('sealed_secret').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('alert_channel_project').on(t.projectId)],
)

/** One transition of one alert to one channel: delivered at least once, always under the same id. */
export const delivery = pgTable(
  'delivery',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    alertId: text('alert_id')
      .notNull()
      .references(() => alert.id),
    channelId: text('channel_id')
      .notNull()
      .references(() => alertChannel.id),
    transition: text('transition').$type<'fired' | 'escalated' | 'acked' | 'resolved'>().notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    state: text('state').$type<'pending' | 'delivered' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: at('next_at'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    deliveredAt: at('delivered_at'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('delivery_once').on(t.alertId, t.channelId, t.transition),
    index('delivery_due').on(t.nextAt).where(sql`state = 'pending'`),
  ],
)
