/**
 * Evidence of a rollout: one e-process per guard, folded second by second, kept as plain JSON in the rollout row. An
 * e-process starts at 1 and, for a healthy canary, exceeds 1/alpha at any time with probability at most alpha (Ville),
 * so the worker may look every second without spending more.
 */
import { conditionalLogLikelihoods, logMeanExp, type Stratum } from './likelihood.ts'
import { GUARD_KINDS, type Guard, type GuardKind, type RolloutPolicy } from './policy.ts'

/** Odds ratios of bad units that the evidence bets on, all worse than any tolerance by default. */
export const HARM_ODDS = [1.5, 2, 3, 5, 8, 15] as const
/** Odds ratios that count as safe when evidence for promotion is asked for. */
export const SAFE_ODDS = [0.5, 0.75, 1, 1.25] as const

/** Sums of what a guard has seen. */
export type ArmCounts = { canaryUnits: number; canaryBad: number; stableUnits: number; stableBad: number }

/**
 * `starts[s][j]`: log value of the process that began at `startedAtMs + s * restartEveryMs`, for odds ratio j; `safe[j]`
 * likewise for promotion. `logE` is the log of the mixture over both, `maxLogE` its maximum so far.
 */
export type GuardEvidence = ArmCounts & {
  starts: number[][]
  safe: number[]
  logE: number
  maxLogE: number
  safeLogE: number
  strata: number
}

export type Evidence = {
  startedAtMs: number
  lastAtMs: number | null
  guards: Partial<Record<GuardKind, GuardEvidence>>
}

/** One second of traffic, per guard: `atMs` is the second's beginning. Guards without data are left out. */
export type SecondStrata = { atMs: number; strata: Partial<Record<GuardKind, Stratum>> }

export function emptyEvidence(startedAtMs: number): Evidence {
  return { startedAtMs, lastAtMs: null, guards: {} }
}

/**
 * Fold seconds into the evidence; seconds at or before the last one folded are left out, so that a replay after a
 * crash counts nothing twice. The caller hands each second over once it is complete.
 */
export function foldEvidence(evidence: Evidence, seconds: readonly SecondStrata[], policy: RolloutPolicy): Evidence {
  const guards = { ...evidence.guards }
  let lastAtMs = evidence.lastAtMs
  for (const second of [...seconds].sort((left, right) => left.atMs - right.atMs)) {
    if (lastAtMs !== null && second.atMs <= lastAtMs) continue
    const startIndex = Math.min(
      policy.restarts - 1,
      Math.max(0, Math.floor((second.atMs - evidence.startedAtMs) / policy.restartEveryMs)),
    )
    for (const guard of policy.guards) {
      const stratum = second.strata[guard.kind]
      if (stratum !== undefined && isSound(stratum)) {
        guards[guard.kind] = foldStratum(guards[guard.kind] ?? emptyGuard(), stratum, {
          guard,
          startIndex,
          restarts: policy.restarts,
        })
      }
    }
    lastAtMs = second.atMs
  }
  return { startedAtMs: evidence.startedAtMs, lastAtMs, guards }
}

function emptyGuard(): GuardEvidence {
  return {
    canaryUnits: 0,
    canaryBad: 0,
    stableUnits: 0,
    stableBad: 0,
    starts: [],
    safe: SAFE_ODDS.map(() => 0),
    logE: 0,
    maxLogE: 0,
    safeLogE: 0,
    strata: 0,
  }
}

function isSound(stratum: Stratum): boolean {
  const { canaryUnits, canaryBad, stableUnits, stableBad } = stratum
  const whole = [canaryUnits, canaryBad, stableUnits, stableBad].every((count) => Number.isInteger(count) && count >= 0)
  return whole && canaryBad <= canaryUnits && stableBad <= stableUnits
}

type FoldContext = { guard: Guard; startIndex: number; restarts: number }

function foldStratum(
  before: GuardEvidence,
  stratum: Stratum,
  { guard, startIndex, restarts }: FoldContext,
): GuardEvidence {
  const { tolerance, promoteRatio } = guard
  const logs = conditionalLogLikelihoods(stratum, [tolerance, ...HARM_ODDS.map((odds) => odds * tolerance)])
  const [calm = 0, ...harm] = logs
  const starts = Array.from({ length: Math.max(before.starts.length, startIndex + 1) }, (_, index) => {
    const values = before.starts[index] ?? HARM_ODDS.map(() => 0)
    return index > startIndex ? values : values.map((value, odds) => value + (harm[odds] ?? 0) - calm)
  })
  const safe = promoteRatio === null ? before.safe : foldSafe(before.safe, stratum, promoteRatio)
  const logE = mixStarts(starts, restarts)
  return {
    canaryUnits: before.canaryUnits + stratum.canaryUnits,
    canaryBad: before.canaryBad + stratum.canaryBad,
    stableUnits: before.stableUnits + stratum.stableUnits,
    stableBad: before.stableBad + stratum.stableBad,
    starts,
    safe,
    logE,
    maxLogE: Math.max(before.maxLogE, logE),
    safeLogE: logMeanExp(safe),
    strata: before.strata + 1,
  }
}

function foldSafe(before: readonly number[], stratum: Stratum, promoteRatio: number): number[] {
  const [limit = 0, ...safe] = conditionalLogLikelihoods(stratum, [promoteRatio, ...SAFE_ODDS])
  return before.map((value, index) => value + (safe[index] ?? 0) - limit)
}

/** Mean over all planned starts; a process that has not begun stands at 1. */
function mixStarts(starts: readonly number[][], restarts: number): number {
  const begun = starts.map((values) => logMeanExp(values))
  return logMeanExp([...begun, ...new Array<number>(Math.max(0, restarts - begun.length)).fill(0)])
}

/** Log of the level at which a guard fires: its e-value reaches 1 / (alpha x share). */
export function guardLevel(policy: RolloutPolicy, guard: Guard): number {
  return -Math.log(policy.alpha * guard.share)
}

/** What a guard says, in words and numbers; the form that is stored with a decision and shown to people. */
export type GuardFinding = ArmCounts & {
  guard: GuardKind
  fired: boolean
  eValue: number
  threshold: number
  falseRollbackBound: number
  tolerance: number
  sentence: string
}

const BAD_NAMES: Readonly<Record<GuardKind, string>> = {
  errors: 'failed',
  quality: 'were labelled wrong',
  latency: 'were slow',
}

/** One finding per guard of the policy, whether it has seen data or not. */
export function summariseEvidence(evidence: Evidence, policy: RolloutPolicy): GuardFinding[] {
  return policy.guards
    .toSorted((left, right) => GUARD_KINDS.indexOf(left.kind) - GUARD_KINDS.indexOf(right.kind))
    .map((guard) => findingOf(guard, evidence.guards[guard.kind] ?? emptyGuard(), policy))
}

function findingOf(guard: Guard, seen: GuardEvidence, policy: RolloutPolicy): GuardFinding {
  const level = guardLevel(policy, guard)
  const bound = policy.alpha * guard.share
  const fired = seen.maxLogE >= level
  const { canaryUnits, canaryBad, stableUnits, stableBad } = seen
  const eValue = finiteExp(seen.maxLogE)
  const counts = `${canaryBad} of ${canaryUnits} canary units ${BAD_NAMES[guard.kind]} against ${stableBad} of ${stableUnits} on stable`
  const meaning = fired
    ? `a canary no worse than ${guard.tolerance} x stable's odds would look this bad at any time with a chance of at most ${formatShare(bound)}`
    : `evidence ${formatE(eValue)} of the ${formatE(Math.exp(level))} it takes`
  return {
    guard: guard.kind,
    fired,
    eValue,
    threshold: Math.exp(level),
    falseRollbackBound: bound,
    tolerance: guard.tolerance,
    canaryUnits,
    canaryBad,
    stableUnits,
    stableBad,
    sentence: `${counts}; ${meaning}`,
  }
}

/** exp() kept finite, so that evidence always has a JSON form. */
function finiteExp(log: number): number {
  return Math.min(Number.MAX_VALUE, Math.exp(log))
}

function formatE(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : value.toFixed(value < 10 ? 1 : 0)
}

export function formatShare(share: number): string {
  return `${(100 * share).toPrecision(2).replace(/\.?0+$/, '')} %`
}

/** Whether every guard that demands evidence before promotion has it. */
export function missingPromotionEvidence(evidence: Evidence, policy: RolloutPolicy): GuardKind[] {
  const level = Math.log(policy.promoteThreshold)
  return policy.guards
    .filter(({ kind, promoteRatio }) => promoteRatio !== null && (evidence.guards[kind]?.safeLogE ?? 0) < level)
    .map(({ kind }) => kind)
}
