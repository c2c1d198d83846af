import { createHash } from 'node:crypto'
import { hashedText, type Json } from '@modelyard/domain'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { announced, type RowChange } from '../notify.ts'
import { executePrepared } from '../prepared.ts'
import { type Actor, ledgerEntry } from '../schema/index.ts'

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

/**
 * Link one entry to its project's chain, inside the mutation's transaction, and announce rows that changed with it; in one
 * statement (`append_ledger`, whose text is in migrations/0009_begin_run.sql). Answers the entry's number.
 */
export async function appendLedger(db: Db, note: LedgerNote, changes: readonly RowChange[] = []): Promise<number> {
  const { projectId, actor, action, targetKind, targetId, summary } = note
  const at = note.at.toISOString()
  const detail = JSON.parse(JSON.stringify(note.detail ?? {})) as Record<string, Json>
  const { before, after } = hashedText({
    projectId,
    at,
    actor: actor as unknown as Json,
    action,
    target: `${targetKind}:${targetId}`,
    detail: { summary, detail },
  })
  const [appended] = await executePrepared<{ seq: number }>(
    db,
    sql`
    select append_ledger(${projectId}, ${before}, ${after}, ${at}, ${JSON.stringify(actor)}, ${action}, ${targetKind},
      ${targetId}, ${summary}, ${JSON.stringify(detail)}) as seq, ${announced(changes)}`,
  )
  if (!appended) throw new Error(`the ledger of ${projectId} answered nothing`)
  return appended.seq
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
