import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { alert, alertChannel, delivery } from '../schema/index.ts'
import type { DeliveryRow } from './rows.ts'

export type ChannelRow = typeof alertChannel.$inferSelect

export async function insertChannel(db: Db, row: typeof alertChannel.$inferInsert): Promise<void> {
  await db.insert(alertChannel).values(row)
}

export async function listChannelRows(db: Db, projectId: string): Promise<ChannelRow[]> {
  return db.select().from(alertChannel).where(eq(alertChannel.projectId, projectId)).orderBy(asc(alertChannel.id))
}

export async function disableChannel(db: Db, id: string): Promise<void> {
  await db.update(alertChannel).set({ enabled: false }).where(eq(alertChannel.id, id))
}

/** One row per alert, channel and transition: announcing twice sends once. */
export async function insertDeliveries(db: Db, rows: (typeof delivery.$inferInsert)[]): Promise<void> {
  if (rows.length > 0)
    await db
      .insert(delivery)
      .values(rows)
      .onConflictDoNothing({ target: [delivery.alertId, delivery.channelId, delivery.transition] })
}

/**
 * Take due deliveries for `leaseMs`: a sender that dies in between leaves them to be taken again, under the same id.
 * Two senders never hold the same row (SKIP LOCKED).
 */
export async function takeDueDeliveries(
  db: Db,
  args: { now: Date; leaseMs: number; limit: number },
): Promise<{ delivery: DeliveryRow; channel: ChannelRow; openedAt: Date }[]> {
  const due = await db
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(eq(delivery.state, 'pending'), sql`${delivery.nextAt} <= ${args.now}`))
    .orderBy(asc(delivery.nextAt))
    .limit(args.limit)
    .for('update', { skipLocked: true })
  const taken: { delivery: DeliveryRow; channel: ChannelRow; openedAt: Date }[] = []
  for (const { id } of due) {
    await db
      .update(delivery)
      .set({ attempts: sql`${delivery.attempts} + 1`, nextAt: new Date(args.now.getTime() + args.leaseMs) })
      .where(eq(delivery.id, id))
    const [row] = await db
      .select({ delivery, channel: alertChannel, openedAt: alert.openedAt })
      .from(delivery)
      .innerJoin(alertChannel, eq(delivery.channelId, alertChannel.id))
      .innerJoin(alert, eq(delivery.alertId, alert.id))
      .where(eq(delivery.id, id))
    if (row) taken.push(row)
  }
  return taken
}

/** Record what became of one try, unless a later try already ended it. */
export async function settleDelivery(
  db: Db,
  args: { id: string; attempts: number; set: Partial<DeliveryRow> },
): Promise<boolean> {
  const rows = await db
    .update(delivery)
    .set(args.set)
    .where(and(eq(delivery.id, args.id), eq(delivery.attempts, args.attempts), eq(delivery.state, 'pending')))
    .returning({ id: delivery.id })
  return rows.length === 1
}
