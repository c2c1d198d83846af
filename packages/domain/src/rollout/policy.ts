/** What a rollout may do and when: steps of traffic, and guards that share one bound on false rollbacks. */
import { PROMOTION_HYPOTHESIS } from '@modelyard/stats'
import { TOTAL_BPS } from '../traffic/choose-variant.ts'

/** One step: the canary's share, and the least time and units of its own traffic before the next. */
export type RolloutStep = { weightBps: number; minDwellMs: number; minUnits: number }

export const GUARD_KINDS = ['errors', 'quality', 'latency'] as const
/**
 * `errors`: failed units; `quality`: labelled units predicted wrong; `latency`: units slower than a quantile that stable
 * had shortly before.
 */
export type GuardKind = (typeof GUARD_KINDS)[number]

/**
 * `share` is this guard's part of the policy's alpha; `margin` the odds ratio of bad units (canary over stable) that
 * still counts as healthy; `safeRatio` the odds ratio under which the canary counts as shown to be safe, which promotion
 * waits for when `mustProve` is set.
 */
export type Guard = { kind: GuardKind; share: number; margin: number; safeRatio: number; mustProve: boolean }

/**
 * `alpha` bounds the chance that a healthy canary is ever rolled back by the guards together, however often one looks.
 * `restarts` processes, one each `restartEveryMs`, spread the evidence over possible starts of a fault.
 */
export type RolloutPolicy = {
  steps: RolloutStep[]
  guards: Guard[]
  alpha: number
  /** E-value at which safety counts as shown. */
  safeThreshold: number
  restartEveryMs: number
  restarts: number
  maxDurationMs: number | null
  onInconclusive: 'pause' | 'roll_back'
  onCriticalAlert: 'pause' | 'ignore'
}

/** What a person states; the rest of the policy follows from it. Durations in seconds. */
export type PolicyRequest = {
  steps: readonly { weightBps: number; minDwellS: number; minUnits: number }[]
  alpha: number
  guards: readonly GuardKind[]
  margin: number
  maxDurationS: number
}

/** How alpha is split, before it is scaled to the guards in use: errors are the surest sign and get most. */
const GUARD_WEIGHTS: Readonly<Record<GuardKind, number>> = { errors: 0.4, quality: 0.3, latency: 0.3 }

/** The whole policy from what a person stated. The guards' shares sum to 1. */
export function makePolicy(request: PolicyRequest): RolloutPolicy {
  const total = request.guards.reduce((sum, kind) => sum + GUARD_WEIGHTS[kind], 0)
  return {
    steps: request.steps.map(({ weightBps, minDwellS, minUnits }) => ({
      weightBps,
      minDwellMs: minDwellS * 1000,
      minUnits,
    })),
    guards: request.guards.map((kind) => ({
      kind,
      share: GUARD_WEIGHTS[kind] / total,
      margin: request.margin,
      safeRatio: Math.max(PROMOTION_HYPOTHESIS.psi0, 1.5 * request.margin),
      mustProve: false,
    })),
    alpha: request.alpha,
    safeThreshold: 20,
    restartEveryMs: 60_000,
    restarts: 30,
    maxDurationMs: request.maxDurationS * 1000,
    onInconclusive: 'pause',
    onCriticalAlert: 'pause',
  }
}

/** Steps for an endpoint with real traffic. */
export const DEFAULT_POLICY: RolloutPolicy = makePolicy({
  steps: [
    { weightBps: 500, minDwellS: 120, minUnits: 200 },
    { weightBps: 2_500, minDwellS: 180, minUnits: 500 },
    { weightBps: 5_000, minDwellS: 300, minUnits: 1_000 },
  ],
  alpha: 0.01,
  guards: GUARD_KINDS,
  margin: 1.25,
  maxDurationS: 86_400,
})

/** Why a policy makes no sense, with the field, or null. */
export function checkPolicy(policy: RolloutPolicy): { field: string; message: string } | null {
  return checkSteps(policy.steps) ?? checkGuards(policy.guards) ?? checkNumbers(policy)
}

function checkSteps(steps: readonly RolloutStep[]): { field: string; message: string } | null {
  if (steps.length === 0) return { field: 'steps', message: 'a rollout needs at least one step' }
  let before = 0
  for (const { weightBps, minDwellMs, minUnits } of steps) {
    if (!Number.isInteger(weightBps) || weightBps <= before || weightBps > TOTAL_BPS) {
      return { field: 'steps', message: `weights rise from step to step in whole basis points up to ${TOTAL_BPS}` }
    }
    if (!(minDwellMs >= 0) || !(minUnits >= 0)) return { field: 'steps', message: 'dwell and units are zero or more' }
    before = weightBps
  }
  return null
}

function checkGuards(guards: readonly Guard[]): { field: string; message: string } | null {
  if (new Set(guards.map(({ kind }) => kind)).size !== guards.length)
    return { field: 'guards', message: 'a guard stands twice' }
  if (guards.some(({ share }) => !(share > 0)))
    return { field: 'guards', message: 'every guard needs a share above zero' }
  const sum = guards.reduce((total, { share }) => total + share, 0)
  if (sum > 1 + 1e-9) return { field: 'guards', message: `the guards' shares of alpha sum to ${sum}, more than 1` }
  if (guards.some(({ margin }) => !(margin >= 1)))
    return { field: 'guards', message: 'a margin is an odds ratio of 1 or more' }
  if (guards.some(({ safeRatio, margin }) => !(safeRatio > margin))) {
    return { field: 'guards', message: 'the ratio that counts as safe lies above the margin' }
  }
  return null
}

function checkNumbers(policy: RolloutPolicy): { field: string; message: string } | null {
  if (!(policy.alpha > 0 && policy.alpha < 1)) return { field: 'alpha', message: 'alpha lies between 0 and 1' }
  if (!(policy.safeThreshold > 1)) return { field: 'safeThreshold', message: 'the threshold of safety is above 1' }
  if (!(policy.restartEveryMs > 0)) return { field: 'restartEveryMs', message: 'restarts need a period above zero' }
  if (!Number.isInteger(policy.restarts) || policy.restarts < 1)
    return { field: 'restarts', message: 'at least one start is needed' }
  if (policy.maxDurationMs !== null && !(policy.maxDurationMs > 0))
    return { field: 'maxDurationMs', message: 'a longest duration is above zero' }
  return null
}
