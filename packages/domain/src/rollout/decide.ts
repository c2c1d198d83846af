/**
 * What happens next in a rollout. `decide(facts)` is the only place that moves one: the worker calls it every second,
 * and a person's button goes through it as well. It looks at nothing but its argument.
 */
import {
  type Evidence,
  formatShare,
  type GuardFinding,
  missingPromotionEvidence,
  summariseEvidence,
} from './evidence.ts'
import type { RolloutPolicy } from './policy.ts'
import type { RolloutCommand, RolloutState } from './state.ts'

/** What stands outside statistics. Counts are since the canary was deployed. */
export type CanaryHealth = {
  ready: boolean
  successes: number
  failures: number
  invalidOutputs: number
}

/**
 * `stepUnits`: units the canary served since the step began. `routed`: every live gateway has applied the endpoint's
 * current generation. `criticalAlerts`: ids of open critical alerts of this endpoint.
 */
export type RolloutFacts = {
  state: RolloutState
  policy: RolloutPolicy
  evidence: Evidence
  nowMs: number
  startedAtMs: number
  stepIndex: number
  stepStartedAtMs: number
  stepUnits: number
  health: CanaryHealth
  routed: boolean
  criticalAlerts: readonly string[]
  command: RolloutCommand | null
}

export const ROLLBACK_REASONS = [
  'guard',
  'no_success',
  'not_ready',
  'invalid_outputs',
  'inconclusive',
  'person',
] as const
export type RollbackReason = (typeof ROLLBACK_REASONS)[number]
export type PauseReason = 'person' | 'critical_alert' | 'inconclusive'

/** What a decision rests on: stored in the ledger word for word. */
export type DecisionEvidence = {
  findings: GuardFinding[]
  falseRollbackBound: number
  statement: string
}

/** What a step still waits for. */
export type Waiting = { dwellMs: number; units: number; routed: boolean; evidence: string[] }

export type Decision =
  | { kind: 'stay'; next: RolloutState; waiting: Waiting }
  | { kind: 'start'; next: 'progressing'; stepIndex: number; weightBps: number }
  | { kind: 'advance'; next: 'progressing'; stepIndex: number; weightBps: number; evidence: DecisionEvidence }
  | { kind: 'promote'; next: 'promoted'; by: 'policy' | 'person'; evidence: DecisionEvidence }
  | { kind: 'pause'; next: 'paused'; reason: PauseReason; detail: string }
  | { kind: 'resume'; next: 'progressing' }
  | { kind: 'abort'; next: 'aborted'; detail: string }
  | { kind: 'roll_back'; next: 'rolling_back'; reason: RollbackReason; detail: string; evidence: DecisionEvidence }
  | { kind: 'finish_rollback'; next: 'rolled_back' }
  | { kind: 'refuse'; next: RolloutState; message: string }

/** A canary that answered nothing right in this many tries is dead; no statistics are needed. */
export const DEAD_AFTER_FAILURES = 20

/** Decide. Order: a person's command, then hard stops, then guards, then alerts, then time and steps. */
export function decide(facts: RolloutFacts): Decision {
  if (facts.command !== null) return obey(facts, facts.command)
  switch (facts.state) {
    case 'pending':
      return facts.health.ready ? start(facts) : stay(facts)
    case 'progressing':
      return harmOf(facts) ?? alarmOf(facts) ?? expiry(facts) ?? proceed(facts)
    case 'paused':
      return harmOf(facts) ?? stay(facts)
    case 'rolling_back':
      return facts.routed ? { kind: 'finish_rollback', next: 'rolled_back' } : stay(facts)
    default:
      return stay(facts)
  }
}

function obey(facts: RolloutFacts, command: RolloutCommand): Decision {
  const { state } = facts
  const detail = `${command.actor}: ${command.reason}`
  const running = state === 'progressing' || state === 'paused'
  switch (command.kind) {
    case 'rollback':
      if (state === 'rolling_back' || state === 'rolled_back') return stay(facts)
      return state === 'aborted' ? refusal(state, command) : rollBack(facts, 'person', detail)
    case 'pause':
      if (state === 'paused') return stay(facts)
      return state === 'progressing'
        ? { kind: 'pause', next: 'paused', reason: 'person', detail }
        : refusal(state, command)
    case 'resume':
      if (state === 'progressing') return stay(facts)
      return state === 'paused' ? { kind: 'resume', next: 'progressing' } : refusal(state, command)
    case 'promote':
      if (state === 'promoted') return stay(facts)
      if (!running) return refusal(state, command)
      return harmOf(facts) ?? { kind: 'promote', next: 'promoted', by: 'person', evidence: evidenceOf(facts) }
    case 'abort':
      if (state === 'aborted') return stay(facts)
      return state === 'pending' || running ? { kind: 'abort', next: 'aborted', detail } : refusal(state, command)
  }
}

function refusal(state: RolloutState, command: RolloutCommand): Decision {
  return {
    kind: 'refuse',
    next: state,
    message: `a rollout that is ${state} cannot ${command.kind === 'rollback' ? 'roll back' : command.kind}`,
  }
}

function start(facts: RolloutFacts): Decision {
  return { kind: 'start', next: 'progressing', stepIndex: 0, weightBps: facts.policy.steps[0]?.weightBps ?? 0 }
}

/** Hard stops first: they need no evidence and must not wait for any. */
function harmOf(facts: RolloutFacts): Decision | null {
  const { ready, successes, failures, invalidOutputs } = facts.health
  if (successes === 0 && failures >= DEAD_AFTER_FAILURES) {
    return rollBack(facts, 'no_success', `none of the canary's ${failures} answers was a success`)
  }
  if (invalidOutputs > 0) return rollBack(facts, 'invalid_outputs', `${invalidOutputs} answers held no valid number`)
  if (!ready) return rollBack(facts, 'not_ready', 'the canary lost its readiness')
  const fired = summariseEvidence(facts.evidence, facts.policy).find((finding) => finding.fired)
  return fired === undefined ? null : rollBack(facts, 'guard', `${fired.guard}: ${fired.sentence}`)
}

function rollBack(facts: RolloutFacts, reason: RollbackReason, detail: string): Decision {
  return { kind: 'roll_back', next: 'rolling_back', reason, detail, evidence: evidenceOf(facts) }
}

/** The evidence as it stands, with the promise it carries. */
export function evidenceOf(facts: Pick<RolloutFacts, 'evidence' | 'policy'>): DecisionEvidence {
  const { policy } = facts
  const falseRollbackBound = policy.guards.reduce((sum, { share }) => sum + share * policy.alpha, 0)
  const statement =
    `The chance that these guards ever roll back a canary that is within its tolerance is at most ${formatShare(falseRollbackBound)}, ` +
    'however long it runs and however often it is looked at.'
  return { findings: summariseEvidence(facts.evidence, policy), falseRollbackBound, statement }
}

function alarmOf(facts: RolloutFacts): Decision | null {
  if (facts.criticalAlerts.length === 0 || facts.policy.onCriticalAlert === 'ignore') return null
  return {
    kind: 'pause',
    next: 'paused',
    reason: 'critical_alert',
    detail: `open critical alerts: ${facts.criticalAlerts.join(', ')}`,
  }
}

function expiry(facts: RolloutFacts): Decision | null {
  const { maxDurationMs, onInconclusive } = facts.policy
  if (maxDurationMs === null || facts.nowMs - facts.startedAtMs <= maxDurationMs) return null
  const detail = `neither harm nor safety was shown within ${Math.round(maxDurationMs / 1000)} s`
  if (onInconclusive === 'roll_back') return rollBack(facts, 'inconclusive', detail)
  return { kind: 'pause', next: 'paused', reason: 'inconclusive', detail }
}

function proceed(facts: RolloutFacts): Decision {
  const waiting = waitingOf(facts)
  if (waiting.dwellMs > 0 || waiting.units > 0 || !waiting.routed) return { kind: 'stay', next: facts.state, waiting }
  const stepIndex = facts.stepIndex + 1
  const step = facts.policy.steps[stepIndex]
  if (step !== undefined)
    return { kind: 'advance', next: 'progressing', stepIndex, weightBps: step.weightBps, evidence: evidenceOf(facts) }
  if (waiting.evidence.length > 0) return { kind: 'stay', next: facts.state, waiting }
  return { kind: 'promote', next: 'promoted', by: 'policy', evidence: evidenceOf(facts) }
}

/** What the current step still lacks; promotion evidence counts on the last step only. */
export function waitingOf(facts: RolloutFacts): Waiting {
  const step = facts.policy.steps[facts.stepIndex]
  const isLast = facts.stepIndex >= facts.policy.steps.length - 1
  return {
    dwellMs: Math.max(0, (step?.minDwellMs ?? 0) - (facts.nowMs - facts.stepStartedAtMs)),
    units: Math.max(0, (step?.minUnits ?? 0) - facts.stepUnits),
    routed: facts.routed,
    evidence: isLast ? missingPromotionEvidence(facts.evidence, facts.policy) : [],
  }
}

function stay(facts: RolloutFacts): Decision {
  return { kind: 'stay', next: facts.state, waiting: waitingOf(facts) }
}
