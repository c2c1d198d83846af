import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { outbox } from '../schema/index.ts'

export type OutboxRow = Pick<typeof outbox.$inferSelect, 'id' | 'projectId' | 'topic' | 'payload' | 'attempts'>

/** Take due announcements of these topics for `leaseMs`: who dies with one leaves it to the next sweep. */
export async function takeOutbox(
  db: Db,
  args: { topics: string[]; now: Date; leaseMs: number; limit: number },
): Promise<OutboxRow[]> {
  const until = new Date(args.now.getTime() + args.leaseMs)
  const { rows } = await db.execute<OutboxRow>(sql`
    update outbox set attempts = attempts + 1, available_at = ${until}
    where id in (select id from outbox where done_at is null and available_at <= ${args.now}
      and topic = any(${sql.param(args.topics)}::text[]) order by id limit ${args.limit} for update skip locked)
    returning id, project_id as "projectId", topic, payload, attempts`)
  return rows.toSorted((left, right) => left.id - right.id)
}

/** Whether it was open until now. */
export async function finishOutbox(db: Db, args: { id: number; now: Date }): Promise<boolean> {
  const done = await db
    .update(outbox)
    .set({ doneAt: args.now, lastError: null })
    .where(and(eq(outbox.id, args.id), isNull(outbox.doneAt)))
    .returning({ id: outbox.id })
  return done.length === 1
}

export async function delayOutbox(db: Db, args: { id: number; until: Date; error: string }): Promise<void> {
  await db.update(outbox).set({ availableAt: args.until, lastError: args.error }).where(eq(outbox.id, args.id))
}
