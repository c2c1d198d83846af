/** What a rollout may do and when: steps of traffic, and guards that share one bound on false rollbacks. */
import { TOTAL_BPS } from '../traffic/choose-variant.ts'

/** One step: the canary's share, and the least time and units of its own traffic before the next. */
export type RolloutStep = { weightBps: number; minDwellMs: number; minUnits: number }

export const GUARD_KINDS = ['errors', 'quality', 'latency'] as const
/** `errors`: failed units; `quality`: labelled units predicted wrong; `latency`: units slower than stable's own quantile. */
export type GuardKind = (typeof GUARD_KINDS)[number]

/**
 * `share` is this guard's part of the policy's alpha; `tolerance` the odds ratio of bad units (canary over stable) that
 * still counts as healthy; `promoteRatio` demands evidence that the odds ratio is below it before promotion (null: none).
 */
export type Guard = { kind: GuardKind; share: number; tolerance: number; promoteRatio: number | null }

/**
 * `alpha` bounds the chance that a healthy canary is ever rolled back by the guards together, however often one looks.
 * `restartEveryMs` x `restarts` spread the evidence over possible starts of a fault.
 */
export type RolloutPolicy = {
  steps: RolloutStep[]
  guards: Guard[]
  alpha: number
  promoteThreshold: number
  restartEveryMs: number
  restarts: number
  maxDurationMs: number | null
  onInconclusive: 'pause' | 'roll_back'
  onCriticalAlert: 'pause' | 'ignore'
}

export const DEFAULT_POLICY: RolloutPolicy = {
  steps: [
    { weightBps: 500, minDwellMs: 120_000, minUnits: 200 },
    { weightBps: 2_500, minDwellMs: 180_000, minUnits: 500 },
    { weightBps: 5_000, minDwellMs: 300_000, minUnits: 1_000 },
  ],
  guards: [
    { kind: 'errors', share: 0.4, tolerance: 1.25, promoteRatio: null },
    { kind: 'quality', share: 0.3, tolerance: 1.25, promoteRatio: null },
    { kind: 'latency', share: 0.3, tolerance: 1.25, promoteRatio: null },
  ],
  alpha: 0.01,
  promoteThreshold: 20,
  restartEveryMs: 60_000,
  restarts: 30,
  maxDurationMs: 24 * 3_600_000,
  onInconclusive: 'pause',
  onCriticalAlert: 'pause',
}

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
  if (guards.some(({ tolerance }) => !(tolerance >= 1)))
    return { field: 'guards', message: 'a tolerance is an odds ratio of 1 or more' }
  if (guards.some(({ promoteRatio }) => promoteRatio !== null && !(promoteRatio > 1))) {
    return { field: 'guards', message: 'a ratio to promote under is above 1' }
  }
  return null
}

function checkNumbers(policy: RolloutPolicy): { field: string; message: string } | null {
  if (!(policy.alpha > 0 && policy.alpha < 1)) return { field: 'alpha', message: 'alpha lies between 0 and 1' }
  if (!(policy.promoteThreshold > 1))
    return { field: 'promoteThreshold', message: 'the threshold to promote is above 1' }
  if (!(policy.restartEveryMs > 0)) return { field: 'restartEveryMs', message: 'restarts need a period above zero' }
  if (!Number.isInteger(policy.restarts) || policy.restarts < 1)
    return { field: 'restarts', message: 'at least one start is needed' }
  if (policy.maxDurationMs !== null && !(policy.maxDurationMs > 0))
    return { field: 'maxDurationMs', message: 'a longest duration is above zero' }
  return null
}
