/** When a message that was not taken is sent again, and when it is given up. */

export type DeliveryClass = 'page' | 'event'
export type DeliveryOutcome =
  | { kind: 'accepted' }
  | { kind: 'http'; status: number; retryAfterMs: number | null }
  | { kind: 'network'; message: string }

/** Waits after try 1, 2, ... in milliseconds. Pages try hard and soon; events patiently, over days. */
export const SCHEDULES: Readonly<Record<DeliveryClass, readonly number[]>> = {
  page: [2_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 300_000, 300_000],
  event: [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000],
}

/** After this many failed tries of a page the next channel is tried as well, while this one goes on. */
export const FALL_OVER_AFTER = 3
export const JITTER = 0.2

export type DeliveryDecision =
  | { kind: 'delivered' }
  | { kind: 'retry'; inMs: number; fallOver: boolean }
  | { kind: 'give_up'; reason: string; disableChannel: boolean }

/**
 * Decide after try number `tries` (from 1). `unit` is a random number in [0, 1) for the jitter of +-20 %. 410 switches
 * the channel off; other 4xx except 408, 425 and 429 are the receiver's last word. It may ask
 * for a longer pause, up to the longest of the schedule: a page that is put off for a year wakes nobody.
 */
export function decideDelivery(
  outcome: DeliveryOutcome,
  delivery: { class: DeliveryClass; tries: number },
  unit: number,
): DeliveryDecision {
  if (outcome.kind === 'accepted') return { kind: 'delivered' }
  if (outcome.kind === 'http') {
    if (outcome.status >= 200 && outcome.status < 300) return { kind: 'delivered' }
    if (outcome.status === 410)
      return { kind: 'give_up', reason: 'the receiver answered 410 Gone', disableChannel: true }
    if (isFinal(outcome.status))
      return { kind: 'give_up', reason: `the receiver answered ${outcome.status}`, disableChannel: false }
  }
  const schedule = SCHEDULES[delivery.class]
  const waitMs = schedule[delivery.tries - 1]
  if (waitMs === undefined)
    return { kind: 'give_up', reason: `not taken in ${delivery.tries} tries`, disableChannel: false }
  const jittered = Math.round(waitMs * (1 - JITTER + 2 * JITTER * unit))
  const askedMs = outcome.kind === 'http' ? Math.min(outcome.retryAfterMs ?? 0, Math.max(...schedule)) : 0
  return {
    kind: 'retry',
    inMs: Math.max(jittered, askedMs),
    fallOver: delivery.class === 'page' && delivery.tries >= FALL_OVER_AFTER,
  }
}

function isFinal(status: number): boolean {
  return status >= 300 && status < 500 && ![408, 425, 429].includes(status)
}

/** What a delivery's row says after a decision; of a retry only when. */
export function deliveryAfter(decision: DeliveryDecision, now: Date) {
  switch (decision.kind) {
    case 'delivered':
      return { state: 'delivered' as const, deliveredAt: now, nextAt: null }
    case 'retry':
      return { nextAt: new Date(now.getTime() + decision.inMs) }
    case 'give_up':
      return { state: 'failed' as const, nextAt: null }
  }
}
