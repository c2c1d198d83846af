/** Fencing: only the newest attempt of a job may write. */
import { refuse } from '../refusal.ts'

/** What the caller claims to hold, and what the row says. */
export type FenceClaim = { attemptId: string; fence: number; runnerId: string }
export type FenceRow = { attemptId: string; fence: number; runnerId: string; ended: boolean }

export type FenceVerdict = 'held' | 'stale' | 'foreign' | 'ended'

export function judgeFence(claim: FenceClaim, row: FenceRow | null): FenceVerdict {
  if (row === null || row.attemptId !== claim.attemptId || row.runnerId !== claim.runnerId) return 'foreign'
  if (row.fence !== claim.fence) return 'stale'
  return row.ended ? 'ended' : 'held'
}

/** @throws Refusal `fenced` unless the claim is the live one. */
export function requireFence(claim: FenceClaim, row: FenceRow | null): void {
  const verdict = judgeFence(claim, row)
  if (verdict === 'held') return
  refuse('fenced', `attempt ${claim.attemptId} with fence ${claim.fence} no longer holds its job (${verdict})`, {
    field: 'fence',
    details: { attemptId: claim.attemptId, verdict },
  })
}
