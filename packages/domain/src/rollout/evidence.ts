/**
 * Evidence of a rollout: one e-process per guard, folded second by second, kept as plain JSON in the rollout row. An
 * e-process starts at 1 and, for a canary within its margin, exceeds 1/alpha at any time with probability at most alpha
 * (Ville), so the worker may look every second without spending more.
 */
import {
  anytimePValue,
  type CanaryHypothesis,
  type CanaryProcess,
  observeStratum,
  PROMOTION_HYPOTHESIS,
  ROLLBACK_HYPOTHESIS,
  type Stratum,
  startCanaryProcess,
} from '@modelyard/stats'
import { GUARD_KINDS, type Guard, type GuardKind, type RolloutPolicy } from './policy.ts'

/** Units and bad units of one arm. */
export type ArmCount = { units: number; bad: number }

/** What one guard has seen: sums, the process that looks for harm, the one that looks for safety, and how far it is. */
export type GuardEvidence = {
  canary: ArmCount
  control: ArmCount
  harm: CanaryProcess
  safe: CanaryProcess
  lastAtMs: number
}

export type Evidence = { startedAtMs: number; guards: Partial<Record<GuardKind, GuardEvidence>> }

/**
 * One second, per guard: `atMs` is its beginning. For errors and latency the second in which the units were served; for
 * quality the second in which their labels came, so that late labels are never too late. Guards without data are absent.
 */
export type SecondStrata = { atMs: number; strata: Partial<Record<GuardKind, Stratum>> }

export function emptyEvidence(startedAtMs: number): Evidence {
  return { startedAtMs, guards: {} }
}

/**
 * Fold complete seconds into the evidence. A guard leaves out seconds at or before the last it took in, so that a replay
 * after a crash counts nothing twice. @throws StatisticsError for counts that contradict each other.
 */
export function foldEvidence(evidence: Evidence, seconds: readonly SecondStrata[], policy: RolloutPolicy): Evidence {
  const guards = { ...evidence.guards }
  for (const { atMs, strata } of [...seconds].sort((left, right) => left.atMs - right.atMs)) {
    for (const guard of policy.guards) {
      const stratum = strata[guard.kind]
      const before = guards[guard.kind] ?? emptyGuard(guard, policy)
      if (stratum === undefined || atMs <= before.lastAtMs) continue
      guards[guard.kind] = foldStratum(before, stratum, {
        atMs,
        sinceStartMs: Math.max(0, atMs - evidence.startedAtMs),
      })
    }
  }
  return { startedAtMs: evidence.startedAtMs, guards }
}

function emptyGuard(guard: Guard, policy: RolloutPolicy): GuardEvidence {
  return {
    canary: { units: 0, bad: 0 },
    control: { units: 0, bad: 0 },
    harm: startCanaryProcess(harmHypothesis(guard, policy)),
    safe: startCanaryProcess({ psi0: guard.safeRatio, alternatives: PROMOTION_HYPOTHESIS.alternatives }),
    lastAtMs: Number.MIN_SAFE_INTEGER,
  }
}

/** The alternatives move up with the margin, so that all stay above it. Starts are counted in milliseconds. */
function harmHypothesis(guard: Guard, policy: RolloutPolicy): CanaryHypothesis {
  const stretch = Math.max(1, guard.margin / ROLLBACK_HYPOTHESIS.psi0)
  return {
    psi0: guard.margin,
    alternatives: ROLLBACK_HYPOTHESIS.alternatives.map((psi) => psi * stretch),
    restart: { starts: policy.restarts, every: policy.restartEveryMs },
  }
}

function foldStratum(
  before: GuardEvidence,
  stratum: Stratum,
  { atMs, sinceStartMs }: { atMs: number; sinceStartMs: number },
): GuardEvidence {
  return {
    canary: { units: before.canary.units + stratum.canaryUnits, bad: before.canary.bad + stratum.canaryBad },
    control: { units: before.control.units + stratum.controlUnits, bad: before.control.bad + stratum.controlBad },
    harm: observeStratum(before.harm, stratum, sinceStartMs),
    safe: observeStratum(before.safe, stratum),
    lastAtMs: atMs,
  }
}

/** Log of the level at which a guard fires: its e-value reaches 1 / (alpha x share). */
export function guardLevel(policy: RolloutPolicy, guard: Guard): number {
  return -Math.log(policy.alpha * guard.share)
}

export type GuardVerdict = 'pass' | 'inconclusive' | 'fail'

/**
 * What a guard says, in numbers and words; stored with a decision and shown to people. `p` is valid at any time: 1 over
 * the largest e-value so far. `bound`: the chance that this guard ever fails a canary within its margin.
 */
export type GuardFinding = {
  guard: GuardKind
  verdict: GuardVerdict
  canary: ArmCount
  control: ArmCount
  logE: number
  logThreshold: number
  p: number
  bound: number
  margin: number
  sentence: string
}

const BAD_NAMES: Readonly<Record<GuardKind, string>> = { errors: 'failed', quality: 'were wrong', latency: 'were slow' }

/** One finding per guard of the policy, whether it has seen data or not. */
export function summariseEvidence(evidence: Evidence, policy: RolloutPolicy): GuardFinding[] {
  return policy.guards
    .toSorted((left, right) => GUARD_KINDS.indexOf(left.kind) - GUARD_KINDS.indexOf(right.kind))
    .map((guard) => findingOf(guard, evidence.guards[guard.kind] ?? emptyGuard(guard, policy), policy))
}

function findingOf(guard: Guard, seen: GuardEvidence, policy: RolloutPolicy): GuardFinding {
  const logThreshold = guardLevel(policy, guard)
  const verdict = verdictOf(seen, { logThreshold, safeThreshold: policy.safeThreshold })
  const { canary, control } = seen
  return {
    guard: guard.kind,
    verdict,
    canary,
    control,
    logE: seen.harm.logE,
    logThreshold,
    p: anytimePValue(seen.harm.maxLogE),
    bound: policy.alpha * guard.share,
    margin: guard.margin,
    sentence: `${canary.bad} of ${canary.units} canary units ${BAD_NAMES[guard.kind]} against ${control.bad} of ${control.units}; ${meaningOf(guard, seen, { verdict, logThreshold })}`,
  }
}

function verdictOf(seen: GuardEvidence, limits: { logThreshold: number; safeThreshold: number }): GuardVerdict {
  if (seen.harm.maxLogE >= limits.logThreshold) return 'fail'
  return seen.safe.maxLogE >= Math.log(limits.safeThreshold) ? 'pass' : 'inconclusive'
}

function meaningOf(guard: Guard, seen: GuardEvidence, found: { verdict: GuardVerdict; logThreshold: number }): string {
  if (found.verdict === 'fail') {
    const bound = formatShare(Math.exp(-found.logThreshold))
    return `a canary within ${guard.margin} x the odds of stable would ever look this bad with a chance of at most ${bound}`
  }
  if (found.verdict === 'pass') return `shown to stay under ${guard.safeRatio} x the odds of stable`
  return `evidence of harm ${formatE(Math.exp(seen.harm.logE))} of the ${formatE(Math.exp(found.logThreshold))} it takes`
}

function formatE(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : value.toFixed(value < 10 ? 1 : 0)
}

/** `0.004` as `0.4 %`. */
export function formatShare(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}

/** Guards that must be shown safe before promotion and are not yet. */
export function missingProof(evidence: Evidence, policy: RolloutPolicy): GuardKind[] {
  const level = Math.log(policy.safeThreshold)
  return policy.guards
    .filter(({ kind, mustProve }) => mustProve && (evidence.guards[kind]?.safe.maxLogE ?? 0) < level)
    .map(({ kind }) => kind)
}
