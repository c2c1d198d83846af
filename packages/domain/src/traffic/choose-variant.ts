/**
 * Which variant serves a request. A key falls into one of 10,000 buckets by hash of (salt, key); the challengers own
 * the lowest buckets and the stable variant the rest, so a canary's share only ever grows at its upper edge: raising
 * its weight never moves one of its keys back to stable.
 */
import { refuse } from '../refusal.ts'
import { murmur3 } from './hash.ts'

export const TOTAL_BPS = 10_000

/** A variant's share of an endpoint's traffic in basis points (1/100 of a percent). */
export type VariantShare = { variantId: string; weightBps: number }

/** Challengers in order, then the stable variant; shares sum to 10,000. `salt` stays for the life of a rollout. */
export type TrafficSplit = { salt: string; shares: readonly VariantShare[] }

/** Stable plus at most one canary, as an endpoint row has them. */
export type CanaryRoute = { stableVariantId: string; canaryVariantId: string | null; canaryBps: number; salt: string }

/** The split of an endpoint. @throws Refusal `invalid` for a weight that is not whole basis points in 0..10000. */
export function splitTraffic(route: CanaryRoute): TrafficSplit {
  const { canaryBps } = route
  if (!Number.isInteger(canaryBps) || canaryBps < 0 || canaryBps > TOTAL_BPS) {
    refuse('invalid', `a weight is a whole number of basis points in 0..${TOTAL_BPS}, not ${canaryBps}`, {
      field: 'canaryBps',
    })
  }
  if (route.canaryVariantId === null)
    return { salt: route.salt, shares: [{ variantId: route.stableVariantId, weightBps: TOTAL_BPS }] }
  return {
    salt: route.salt,
    shares: [
      { variantId: route.canaryVariantId, weightBps: canaryBps },
      { variantId: route.stableVariantId, weightBps: TOTAL_BPS - canaryBps },
    ],
  }
}

/** Why a split cannot be served, or null. */
export function checkSplit(split: TrafficSplit): string | null {
  if (split.shares.length === 0) return 'a split needs at least one variant'
  if (split.shares.some(({ weightBps }) => !Number.isInteger(weightBps) || weightBps < 0))
    return 'weights are whole basis points, zero or more'
  if (new Set(split.shares.map(({ variantId }) => variantId)).size !== split.shares.length)
    return 'a variant stands twice in the split'
  const sum = split.shares.reduce((total, { weightBps }) => total + weightBps, 0)
  return sum === TOTAL_BPS ? null : `weights sum to ${sum} basis points, not ${TOTAL_BPS}`
}

/** The bucket 0..9999 of a key. The same salt and key give the same bucket on every gateway, today and tomorrow. */
export function bucketOf(salt: string, key: string): number {
  return Math.floor((murmur3(`${salt}\u0000${key}`) / 2 ** 32) * TOTAL_BPS)
}

/** The variant for a key: the caller's sticky key, or the request's own id where it gave none. */
export function chooseVariant(split: TrafficSplit, key: string): string {
  const bucket = bucketOf(split.salt, key)
  let edge = 0
  for (const { variantId, weightBps } of split.shares) {
    edge += weightBps
    if (bucket < edge) return variantId
  }
  const last = split.shares.at(-1)
  return last?.variantId ?? refuse('unavailable', 'this endpoint has no variant to serve', { field: 'split' })
}
