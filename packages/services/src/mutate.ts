import {
  announceChanges,
  appendLedger,
  type Db,
  findAnswer,
  type LedgerNote,
  lockIdempotency,
  storeAnswer,
} from '@modelyard/db'
import { canonicalJson, type Json, refuse } from '@modelyard/domain'
import { actorOf, type Ctx } from './context.ts'
import { queueWebhooks, type RegistryEvent } from './webhook/event.ts'

export type Change = { noun: string; id: string }
export type Note = Omit<LedgerNote, 'projectId' | 'at' | 'actor'>

/** What a verb hands back from inside its transaction. */
export type Outcome<T> = {
  answer: T
  /** Null only when nothing changed. */
  note: Note | null
  /** Rows that pages show; their ids go out with the commit. */
  changes: Change[]
  /** What webhooks are told of, delivered after the commit and never without it. */
  events?: readonly RegistryEvent[]
}
export type Mutation = {
  /** noun.verb */
  verb: string
  projectId: string
  /** Absent for machines whose calls are idempotent by fence or sequence number. */
  idempotency?: { key: string; request: unknown }
}

/**
 * The frame of every mutation: one transaction that takes the idempotency key, does the work, writes the ledger entry,
 * stores the answer and announces the change. A repeated key gets the stored answer; another request under it is refused.
 */
export async function mutate<T>(ctx: Ctx, mutation: Mutation, work: (tx: Db) => Promise<Outcome<T>>): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    const slot = slotOf(ctx, mutation)
    if (slot) {
      await lockIdempotency(tx, slot.id)
      const known = await findAnswer(tx, slot.id)
      if (known && known.requestHash !== slot.requestHash) {
        refuse('mismatch', 'this idempotency key was used with a different request', { field: 'idempotencyKey' })
      }
      if (known) return known.answer as T
    }
    const outcome = await work(tx)
    const { projectId } = mutation
    const changes = outcome.changes.map((change) => ({ ...change, projectId }))
    const entry = outcome.note && { ...outcome.note, projectId, at: ctx.now(), actor: actorOf(ctx.principal) }
    // What is announced leaves with the commit, wherever in the transaction it was said.
    if (entry) await appendLedger(tx, entry, changes)
    else await announceChanges(tx, changes)
    if (slot)
      await storeAnswer(tx, { ...slot.id, requestHash: slot.requestHash, answer: outcome.answer, createdAt: ctx.now() })
    await queueWebhooks(ctx, tx, { projectId, events: outcome.events ?? [] })
    return outcome.answer
  })
}

function slotOf(ctx: Ctx, mutation: Mutation) {
  if (!mutation.idempotency) return null
  const { key, request } = mutation.idempotency
  return {
    id: { principalId: actorOf(ctx.principal).id, verb: mutation.verb, key },
    requestHash: ctx.sha256(canonicalJson(JSON.parse(JSON.stringify(request)) as Json)),
  }
}
