import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

/** Who wants to be told of events of the registry; `format` is MLflow's shape and signature, or ours. */
export const webhook = pgTable(
  'webhook',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    url: text('url').notNull(),
    /** `entity.action`, for example `model_version.created`. */
    events: text('events').array().notNull(),
    format: text('format').$type<'mlflow' | 'modelyard'>().notNull(),
    status: text('status').$type<'active' | 'disabled'>().notNull(),
    /** Under the installation's key; never read back. */
    sealedSecret: text('sealed_secret'),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    deletedAt: at('deleted_at'),
  },
  (t) => [index('webhook_project').on(t.projectId)],
)

/** One event to one webhook: written with the event's own commit, delivered at least once, always under this id. */
export const webhookDelivery = pgTable(
  'webhook_delivery',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhook.id),
    event: text('event').notNull(),
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
    index('webhook_delivery_due').on(t.nextAt).where(sql`state = 'pending'`),
    index('webhook_delivery_of').on(t.webhookId, t.id),
  ],
)
