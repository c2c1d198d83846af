import { and, arrayContains, asc, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { webhook, webhookDelivery } from '../schema/index.ts'

export type WebhookRow = typeof webhook.$inferSelect

const notDeleted = (projectId: string) => and(eq(webhook.projectId, projectId), isNull(webhook.deletedAt))

export async function insertWebhook(db: Db, row: typeof webhook.$inferInsert): Promise<void> {
  await db.insert(webhook).values(row)
}

const countOf = (state: 'pending' | 'failed') =>
  sql<number>`(select count(*)::int from webhook_delivery d where d.webhook_id = "webhook"."id" and d.state = ${state})`

/** Webhooks of a project in the order they were made, each with its deliveries that wait and those given up. */
export async function listWebhookRows(
  db: Db,
  args: { projectId: string; format?: WebhookRow['format']; afterId?: string; limit: number },
) {
  return db
    .select({ webhook, pending: countOf('pending'), failed: countOf('failed') })
    .from(webhook)
    .where(
      and(
        notDeleted(args.projectId),
        args.format === undefined ? undefined : eq(webhook.format, args.format),
        args.afterId === undefined ? undefined : gt(webhook.id, args.afterId),
      ),
    )
    .orderBy(asc(webhook.id))
    .limit(args.limit)
}

export async function findWebhookRow(db: Db, args: { projectId: string; id: string }) {
  const [row] = await db
    .select({ webhook, pending: countOf('pending'), failed: countOf('failed') })
    .from(webhook)
    .where(and(notDeleted(args.projectId), eq(webhook.id, args.id)))
  return row ?? null
}

export async function lockWebhook(db: Db, args: { projectId: string; id: string }): Promise<WebhookRow | null> {
  const [row] = await db
    .select()
    .from(webhook)
    .where(and(notDeleted(args.projectId), eq(webhook.id, args.id)))
    .for('update')
  return row ?? null
}

export async function patchWebhook(db: Db, args: { id: string; set: Partial<WebhookRow> }): Promise<void> {
  await db.update(webhook).set(args.set).where(eq(webhook.id, args.id))
}

/** Take a webhook out of sight; what it was still owed is given up, and says so. */
export async function deleteWebhookRow(db: Db, args: { id: string; now: Date }): Promise<void> {
  await db
    .update(webhook)
    .set({ deletedAt: args.now, updatedAt: args.now, status: 'disabled', sealedSecret: null })
    .where(eq(webhook.id, args.id))
  await db
    .update(webhookDelivery)
    .set({ state: 'failed', nextAt: null, lastError: 'the webhook was deleted' })
    .where(and(eq(webhookDelivery.webhookId, args.id), eq(webhookDelivery.state, 'pending')))
}

/** Active webhooks of a project that want an event. */
export async function listListeners(
  db: Db,
  args: { projectId: string; event: string },
): Promise<Pick<WebhookRow, 'id' | 'format'>[]> {
  return db
    .select({ id: webhook.id, format: webhook.format })
    .from(webhook)
    .where(and(notDeleted(args.projectId), eq(webhook.status, 'active'), arrayContains(webhook.events, [args.event])))
    .orderBy(desc(webhook.id))
}
