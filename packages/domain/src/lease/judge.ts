/** Leases: when an attempt that stopped beating is suspect and when it is lost. All times are the database's clock. */

/** Deadlines of a live attempt in milliseconds since 1970. `fenceUntilMs` null: only proof may call it lost. */
export type LeaseFacts = {
  leaseUntilMs: number
  fenceUntilMs: number | null
  state: 'offered' | 'running' | 'suspect' | 'stopping'
}

/** `hubUpSinceMs`: since when runners could reach this process; `proofOfEnd`: the runner rebooted or disowned the attempt. */
export type LeaseContext = {
  leaseMs: number
  skewMs: number
  hubUpSinceMs: number
  offerMs?: number
  proofOfEnd?: boolean
}

export type LeaseVerdict = 'ok' | 'suspect' | 'lost'

/** An offer nobody accepted within this time goes back to the queue. */
export const OFFER_MS = 10_000
export const LEASE_DEFAULTS = { beatMs: 10_000, leaseMs: 60_000, fenceAfterMs: 600_000, skewMs: 2_000 } as const

/**
 * Judge one attempt. After the hub comes up nothing is judged for one lease (boot amnesty): an outage of ours must not
 * kill work of theirs. Proof beats amnesty.
 */
export function judgeLease(nowMs: number, attempt: LeaseFacts, context: LeaseContext): LeaseVerdict {
  if (context.proofOfEnd === true) return 'lost'
  if (nowMs - context.hubUpSinceMs < context.leaseMs) return 'ok'
  if (nowMs <= attempt.leaseUntilMs) return 'ok'
  if (attempt.state === 'offered') return 'lost'
  if (attempt.fenceUntilMs !== null && nowMs > attempt.fenceUntilMs + context.skewMs) return 'lost'
  return 'suspect'
}

/** New deadlines after a good beat or accept. */
export function renewLease(
  nowMs: number,
  leaseMs: number,
  fenceAfterMs: number | null,
): { leaseUntilMs: number; fenceUntilMs: number | null } {
  return {
    leaseUntilMs: nowMs + leaseMs,
    fenceUntilMs: fenceAfterMs === null ? null : nowMs + Math.max(leaseMs, fenceAfterMs),
  }
}

/** How long the runner's own dead-man switch may wait after its last good beat before it stops the work. */
export function deadManMs(fenceAfterMs: number, marginMs: number): number {
  return Math.max(0, fenceAfterMs - marginMs)
}
