import { and, eq, sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import { idempotency } from './schema/index.ts'

export type IdempotencyId = { principalId: string; verb: string; key: string }

/** Take the key for this transaction: a concurrent holder of the same key waits here until the first one commits. */
export async function lockIdempotency(db: Db, id: IdempotencyId): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${id.principalId}\n${id.verb}\n${id.key}`}, 41))`,
  )
}

export async function findAnswer(db: Db, id: IdempotencyId) {
  const [row] = await db
    .select()
    .from(idempotency)
    .where(and(eq(idempotency.principalId, id.principalId), eq(idempotency.verb, id.verb), eq(idempotency.key, id.key)))
  return row ?? null
}

export async function storeAnswer(
  db: Db,
  row: IdempotencyId & { requestHash: string; answer: unknown; createdAt: Date },
): Promise<void> {
  await db.insert(idempotency).values({ ...row, answer: row.answer ?? null })
}
