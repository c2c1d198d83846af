import { and, desc, eq, lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { ledgerEntry, ledgerHead } from '../schema/index.ts'

/** Newest first, by keyset on the sequence number. */
export async function listLedger(
  db: Db,
  args: { projectId: string; limit: number; beforeSeq?: number; targetId?: string; action?: string },
) {
  return db
    .select()
    .from(ledgerEntry)
    .where(
      and(
        eq(ledgerEntry.projectId, args.projectId),
        args.beforeSeq === undefined ? undefined : lt(ledgerEntry.seq, args.beforeSeq),
        args.targetId === undefined ? undefined : eq(ledgerEntry.targetId, args.targetId),
        args.action === undefined ? undefined : eq(ledgerEntry.action, args.action),
      ),
    )
    .orderBy(desc(ledgerEntry.seq))
    .limit(args.limit)
}

export async function ledgerHeadOf(db: Db, projectId: string) {
  const [head] = await db.select().from(ledgerHead).where(eq(ledgerHead.projectId, projectId))
  return head && head.seq > 0 ? { seq: head.seq, hash: head.hash } : null
}
