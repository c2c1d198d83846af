import { deleteBlob, listUnnamedBlobs, lockUnnamedBlob, withdrawBlob } from '@modelyard/db'
import type { Ctx } from '../context.ts'

/** Bytes stay this long after somebody last stored or let go of them: records that name them come within minutes. */
const GRACE_MS = 24 * 3_600_000
/** In one run; the next goes on. */
const LIMIT = 5_000

export type Collected = { blobs: number; bytes: number }

/**
 * Remove bytes that no record names: no artifact, version, dataset, upload or entry of the ledger. First no project is
 * told any more that it has them, then they go, each time under a lock on the blob's row after looking again. Whoever
 * stores the same bytes meanwhile waits for that lock before they are seen, and stores them anew; a crash between the
 * steps leaves a row that the next run takes away. Any number of workers may do it at once. For the clock, not for callers.
 */
export async function collectBlobs(ctx: Ctx, limit = LIMIT): Promise<Collected> {
  const now = ctx.now()
  const times = { heldBefore: new Date(now.getTime() - GRACE_MS), now }
  const collected: Collected = { blobs: 0, bytes: 0 }
  for (const { sha256, sizeBytes } of await listUnnamedBlobs(ctx.db, { ...times, limit })) {
    if (!(await takeOut(ctx, { sha256, ...times }))) continue
    collected.blobs += 1
    collected.bytes += sizeBytes
  }
  if (collected.blobs > 0) ctx.happened({ kind: 'blobs_collected', ...collected })
  return collected
}

async function takeOut(ctx: Ctx, args: { sha256: string; heldBefore: Date; now: Date }): Promise<boolean> {
  const { sha256 } = args
  const isWithdrawn = await ctx.db.transaction(async (tx) => {
    const isFree = await lockUnnamedBlob(tx, args)
    if (isFree) await withdrawBlob(tx, sha256)
    return isFree
  })
  if (!isWithdrawn) return false
  return ctx.db.transaction(async (tx) => {
    if (!(await lockUnnamedBlob(tx, args))) return false
    await ctx.blobs.remove(sha256)
    await deleteBlob(tx, sha256)
    return true
  })
}
