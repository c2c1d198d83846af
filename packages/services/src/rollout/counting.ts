import { LATENCY_BOUNDS_MS } from '@modelyard/contracts'
import type { ArmTally, TallyRow } from '@modelyard/db'
import {
  type Evidence,
  emptyEvidence,
  foldEvidence,
  murmur3,
  type RolloutPolicy,
  type SecondStrata,
} from '@modelyard/domain'
import { addHistograms, emptyHistogram, latencyQuantile, slowerThan } from '../endpoint/histogram.ts'

/** Counts that come later than this are shown on charts but are no evidence any more. */
const SETTLE_S = 120
/** A request faster than this is never slow, whatever stable does: nobody notices, and scheduling noise lives there. */
const LATENCY_FLOOR_MS = 20
const LATENCY_TOLERANCE = 1.1
/** Stable's own quantile is not known before. */
const LATENCY_MIN_CONTROL = 100

export type Arms<T> = { canary: T; control: T }
type Stratum = NonNullable<SecondStrata['strata']['errors']>

/** What a rollout row keeps as its evidence, as plain JSON. */
export type RolloutEvidence = {
  process: Evidence
  /** All that was folded into the process so far. */
  folded: Arms<ArmTally>
  /** The part of it that lies before `toSecond` (unix) and is read no more. */
  settled: Arms<ArmTally> & { toSecond: number }
  /** What the canary had when the present step began. */
  stepFrom: Pick<ArmTally, 'requests' | 'labelled'>
  /** Since when alerts and the longest duration count: the start, or when a person last resumed. */
  watchFromMs: number
}

const emptyArm = (): ArmTally => ({ requests: 0, errors: 0, latency: emptyHistogram(), labelled: 0, wrong: 0 })

export function startEvidence(at: Date): RolloutEvidence {
  const arms = () => ({ canary: emptyArm(), control: emptyArm() })
  return {
    process: emptyEvidence(at.getTime()),
    folded: arms(),
    settled: { ...arms(), toSecond: Math.floor(at.getTime() / 1000) },
    stepFrom: { requests: 0, labelled: 0 },
    watchFromMs: at.getTime(),
  }
}

/** Up to which second counts are taken in for good at this time. Never moves back. */
export function settleSecond(evidence: RolloutEvidence, now: Date): number {
  return Math.max(evidence.settled.toSecond, Math.floor(now.getTime() / 1000) - SETTLE_S)
}

export type Counted = { rows: readonly TallyRow[]; variantIds: Arms<string>; settleSecond: number; at: Date }

/**
 * Take in what came since the last time: the totals now, less what was folded. So a second, a label or a whole batch
 * that arrives late counts once, whatever was restarted meanwhile.
 */
export function countInto(
  evidence: RolloutEvidence,
  counted: Counted,
  rollout: { id: string; policy: RolloutPolicy },
): RolloutEvidence {
  const { at } = counted
  const settled = mapArms((arm) => sumTallies(evidence.settled[arm], pick(counted, arm, true)))
  const totals = mapArms((arm) => sumTallies(settled[arm], pick(counted, arm, false)))
  const fresh = mapArms((arm) => lessTally(totals[arm], evidence.folded[arm]))
  const strata = {
    errors: stratumOf(fresh, (arm) => ({ units: arm.requests, bad: arm.errors })),
    quality: stratumOf(fresh, (arm) => ({ units: arm.labelled, bad: arm.wrong })),
    latency: latencyStratum(fresh, evidence.folded.control, `${rollout.id} ${at.getTime()}`),
  }
  const second: SecondStrata = {
    atMs: at.getTime(),
    strata: Object.fromEntries(Object.entries(strata).filter(([, stratum]) => stratum !== null)),
  }
  return {
    ...evidence,
    process: foldEvidence(evidence.process, [second], rollout.policy),
    folded: mapArms((arm) => sumTallies(evidence.folded[arm], [fresh[arm]])),
    settled: { ...settled, toSecond: counted.settleSecond },
  }
}

/**
 * Units of the present step. A policy that guards quality wants units whose label has come: else a canary could be
 * promoted before anybody knows whether it is right.
 */
export function stepUnits(evidence: RolloutEvidence, policy: RolloutPolicy): number {
  const { folded, stepFrom } = evidence
  const requests = folded.canary.requests - stepFrom.requests
  const needsLabels = policy.guards.some(({ kind }) => kind === 'quality')
  return needsLabels ? Math.min(requests, folded.canary.labelled - stepFrom.labelled) : requests
}

/** The evidence as a new step begins. */
export function beginStep(evidence: RolloutEvidence): RolloutEvidence {
  const { requests, labelled } = evidence.folded.canary
  return { ...evidence, stepFrom: { requests, labelled } }
}

/** Whether anything was counted in between; if not, there is nothing to write. */
export function hasNews(before: RolloutEvidence, after: RolloutEvidence): boolean {
  const seen = ({ folded: { canary, control } }: RolloutEvidence) =>
    canary.requests + canary.labelled + control.requests + control.labelled
  return seen(before) !== seen(after)
}

function mapArms<T>(make: (arm: 'canary' | 'control') => T): Arms<T> {
  return { canary: make('canary'), control: make('control') }
}

function pick(counted: Counted, arm: 'canary' | 'control', settled: boolean): TallyRow[] {
  return counted.rows.filter((row) => row.variantId === counted.variantIds[arm] && row.settled === settled)
}

function sumTallies(first: ArmTally, others: readonly ArmTally[]): ArmTally {
  return others.reduce(
    (sum, other) => ({
      requests: sum.requests + other.requests,
      errors: sum.errors + other.errors,
      latency: addHistograms(sum.latency, other.latency),
      labelled: sum.labelled + other.labelled,
      wrong: sum.wrong + other.wrong,
    }),
    first,
  )
}

/** Never below zero: counts only grow, but rows may have been removed by hand. */
function lessTally(total: ArmTally, part: ArmTally): ArmTally {
  const less = (left: number, right: number) => Math.max(0, left - right)
  return {
    requests: less(total.requests, part.requests),
    errors: less(total.errors, part.errors),
    latency: total.latency.map((count, index) => less(count, part.latency[index] ?? 0)),
    labelled: less(total.labelled, part.labelled),
    wrong: less(total.wrong, part.wrong),
  }
}

type Counts = { units: number; bad: number }

function stratumOf(fresh: Arms<ArmTally>, counts: (arm: ArmTally) => Counts): Stratum | null {
  const { canary, control } = mapArms((arm) => counts(fresh[arm]))
  if (canary.units + control.units === 0) return null
  return {
    canaryUnits: canary.units,
    canaryBad: Math.min(canary.bad, canary.units),
    controlUnits: control.units,
    controlBad: Math.min(control.bad, control.units),
  }
}

/**
 * One request of each arm, drawn by hash: slow requests come in bursts (a pause hits all that wait), and counting each
 * of a burst would break the bound. Slow is slower than stable's own p90 up to now, so nothing looks ahead.
 */
function latencyStratum(fresh: Arms<ArmTally>, control: ArmTally, seed: string): Stratum | null {
  const boundMs = slowBound(control.latency)
  if (boundMs === null) return null
  const drawn = mapArms((arm) => {
    const total = fresh[arm].latency.reduce((sum, count) => sum + count, 0)
    if (total === 0) return null
    const rank = Math.floor((murmur3(`${seed} ${arm}`) / 2 ** 32) * total)
    return rank < slowerThan(fresh[arm].latency, boundMs) ? 1 : 0
  })
  if (drawn.canary === null || drawn.control === null) return null
  return { canaryUnits: 1, canaryBad: drawn.canary, controlUnits: 1, controlBad: drawn.control }
}

/** The smallest bucket edge at or above stable's p90 with its tolerance; null when it is unknown or beyond the last. */
export function slowBound(control: readonly number[]): number | null {
  const p90 = latencyQuantile(control, 0.9)
  if (p90 === null || control.reduce((sum, count) => sum + count, 0) < LATENCY_MIN_CONTROL) return null
  const least = Math.max(LATENCY_FLOOR_MS, p90 * LATENCY_TOLERANCE)
  return LATENCY_BOUNDS_MS.find((bound) => bound >= least) ?? null
}
