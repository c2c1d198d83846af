import { and, asc, desc, eq, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { webhook, webhookDelivery } from '../schema/index.ts'
import type { WebhookRow } from './rows.ts'

export type WebhookDeliveryRow = typeof webhookDelivery.$inferSelect

export async function insertWebhookDeliveries(db: Db, rows: (typeof webhookDelivery.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await db.insert(webhookDelivery).values(rows)
}

/**
 * Take due deliveries for `leaseMs`, the longest waiting first: a sender that dies with one leaves it to be taken again,
 * under the same id. Two senders never hold the same row.
 */
export async function takeDueWebhookDeliveries(
  db: Db,
  args: { now: Date; leaseMs: number; limit: number },
): Promise<{ delivery: WebhookDeliveryRow; webhook: WebhookRow }[]> {
  const due = db
    .select({ id: webhookDelivery.id })
    .from(webhookDelivery)
    .where(and(eq(webhookDelivery.state, 'pending'), lte(webhookDelivery.nextAt, args.now)))
    .orderBy(asc(webhookDelivery.nextAt), asc(webhookDelivery.id))
    .limit(args.limit)
    .for('update', { skipLocked: true })
  const taken = await db
    .update(webhookDelivery)
    .set({ attempts: sql`${webhookDelivery.attempts} + 1`, nextAt: new Date(args.now.getTime() + args.leaseMs) })
    .from(webhook)
    .where(and(sql`${webhookDelivery.id} in ${due}`, eq(webhook.id, webhookDelivery.webhookId)))
    .returning({ delivery: webhookDelivery, webhook })
  return taken.toSorted((left, right) => (left.delivery.id < right.delivery.id ? -1 : 1))
}

/** Record what became of one try, unless a later try already ended it. */
export async function settleWebhookDelivery(
  db: Db,
  args: { id: string; attempts: number; set: Partial<WebhookDeliveryRow> },
): Promise<boolean> {
  const rows = await db
    .update(webhookDelivery)
    .set(args.set)
    .where(
      and(
        eq(webhookDelivery.id, args.id),
        eq(webhookDelivery.attempts, args.attempts),
        eq(webhookDelivery.state, 'pending'),
      ),
    )
    .returning({ id: webhookDelivery.id })
  return rows.length === 1
}

/** Deliveries of one webhook, newest first. */
export async function listWebhookDeliveryRows(
  db: Db,
  args: { projectId: string; webhookId: string; beforeId?: string; limit: number },
): Promise<WebhookDeliveryRow[]> {
  return db
    .select()
    .from(webhookDelivery)
    .where(
      and(
        eq(webhookDelivery.projectId, args.projectId),
        eq(webhookDelivery.webhookId, args.webhookId),
        args.beforeId === undefined ? undefined : lt(webhookDelivery.id, args.beforeId),
      ),
    )
    .orderBy(desc(webhookDelivery.id))
    .limit(args.limit)
}

/** Put a delivery that ended back into the outbox, under its own id; null when there is none that ended. */
export async function reopenWebhookDelivery(
  db: Db,
  args: { webhookId: string; id: string; now: Date },
): Promise<WebhookDeliveryRow | null> {
  const [row] = await db
    .update(webhookDelivery)
    .set({ state: 'pending', attempts: 0, nextAt: args.now, deliveredAt: null })
    .where(
      and(
        eq(webhookDelivery.webhookId, args.webhookId),
        eq(webhookDelivery.id, args.id),
        sql`${webhookDelivery.state} <> 'pending'`,
      ),
    )
    .returning()
  return row ?? null
}
