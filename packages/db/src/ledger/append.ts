import { createHash } from 'node:crypto'
import { appendLink, GENESIS_HASH, type Json } from '@modelyard/domain'
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type Actor, ledgerEntry, ledgerHead } from '../schema/index.ts'

export type LedgerNote = {
  projectId: string
  at: Date
  actor: Actor
  /** noun.verb in the past tense, for example `rollout.started`. */
  action: string
  targetKind: string
  targetId: string
  /** One sentence for people. */
  summary: string
  detail?: Record<string, unknown>
}

export const sha256Text = (text: string) => createHash('sha256').update(text).digest('hex')

/** Link one entry to its project's chain, inside the mutation's transaction; the head's row lock orders the writers. */
export async function appendLedger(db: Db, note: LedgerNote): Promise<number> {
  const head = (await lockHead(db, note.projectId)) ?? (await beginChain(db, note.projectId))
  const detail = JSON.parse(JSON.stringify(note.detail ?? {})) as Record<string, Json>
  const link = appendLink(
    head.seq === 0 ? null : { seq: head.seq, hash: head.hash },
    {
      projectId: note.projectId,
      at: note.at.toISOString(),
      actor: note.actor as unknown as Json,
      action: note.action,
      target: `${note.targetKind}:${note.targetId}`,
      detail: { summary: note.summary, detail },
    },
    sha256Text,
  )
  await db.insert(ledgerEntry).values({
    projectId: note.projectId,
    seq: link.seq,
    at: note.at,
    actor: note.actor,
    action: note.action,
    targetKind: note.targetKind,
    targetId: note.targetId,
    summary: note.summary,
    detail,
    prevHash: link.prevHash,
    hash: link.hash,
  })
  await db.update(ledgerHead).set({ seq: link.seq, hash: link.hash }).where(eq(ledgerHead.projectId, note.projectId))
  return link.seq
}

async function lockHead(db: Db, projectId: string) {
  const [head] = await db.select().from(ledgerHead).where(eq(ledgerHead.projectId, projectId)).for('update')
  return head ?? null
}

/** Of several first writers one begins it; the others wait and go on from there. */
async function beginChain(db: Db, projectId: string) {
  await db.insert(ledgerHead).values({ projectId, seq: 0, hash: GENESIS_HASH }).onConflictDoNothing()
  const head = await lockHead(db, projectId)
  if (!head) throw new Error(`project ${projectId} has no ledger head`)
  return head
}

/** Check a project's whole chain in batches, oldest first, against its stored head. */
export async function readLinks(db: Db, args: { projectId: string; afterSeq: number; limit: number }) {
  const rows = await db
    .select()
    .from(ledgerEntry)
    .where(sql`${ledgerEntry.projectId} = ${args.projectId} and ${ledgerEntry.seq} > ${args.afterSeq}`)
    .orderBy(ledgerEntry.seq)
    .limit(args.limit)
  return rows.map((row) => ({
    projectId: row.projectId,
    seq: row.seq,
    at: row.at.toISOString(),
    actor: row.actor as unknown as Json,
    action: row.action,
    target: `${row.targetKind}:${row.targetId}`,
    detail: { summary: row.summary, detail: row.detail as Record<string, Json> },
    prevHash: row.prevHash,
    hash: row.hash,
  }))
}
