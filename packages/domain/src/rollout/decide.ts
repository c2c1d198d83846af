/**
 * What happens next in a rollout. `decide(facts)` is the only place that moves one: the worker calls it every second,
 * and a person's button goes through it as well. It looks at nothing but its argument.
 */
import { type Evidence, formatShare, type GuardFinding, missingProof, summariseEvidence } from './evidence.ts'
import type { GuardKind, RolloutPolicy } from './policy.ts'
import type { RolloutCommand, RolloutCommandKind, RolloutState } from './state.ts'

/**
 * What stands outside statistics. Counts are since the canary was deployed. `ready`: null until a gateway has loaded the
 * canary, false when none could serve it for longer than a gateway or model process takes to restart.
 */
export type CanaryHealth = { ready: boolean | null; successes: number; failures: number; invalidOutputs: number }

/**
 * `stepUnits`: units the canary served since the step began. `routed`: every live gateway has applied the endpoint's
 * current generation. `criticalAlerts`: ids of critical alerts of this endpoint. Alerts and `startedAtMs` count from when
 * the rollout began or a person last resumed it, for a person who resumes has seen them.
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
export type DecisionEvidence = { findings: GuardFinding[]; bound: number; statement: string }

/** What a step still waits for: time, units, gateways that have not applied the routes, guards without proof. */
export type Waiting = { dwellMs: number; units: number; routed: boolean; proof: GuardKind[] }

/**
 * What to write. `advance` sets the canary's weight and restarts the step; `promote` makes the canary stable; `roll_back`
 * and `abort` give all traffic to the variant that was stable; `pause` and `resume` leave the routes alone; `stay`
 * writes nothing; `refuse` answers a person.
 */
export type Decision =
  | { kind: 'stay'; next: RolloutState; waiting: Waiting }
  | { kind: 'advance'; next: 'progressing'; stepIndex: number; weightBps: number; evidence: DecisionEvidence }
  | { kind: 'promote'; next: 'promoted'; by: 'policy' | 'person'; detail: string; evidence: DecisionEvidence }
  | { kind: 'pause'; next: 'paused'; reason: PauseReason; detail: string }
  | { kind: 'resume'; next: 'progressing'; detail: string }
  | { kind: 'abort'; next: 'aborted'; detail: string; evidence: DecisionEvidence }
  | { kind: 'roll_back'; next: 'rolled_back'; reason: RollbackReason; detail: string; evidence: DecisionEvidence }
  | { kind: 'refuse'; next: RolloutState; message: string }

/** A canary that answered nothing right in this many tries is dead; no statistics are needed. */
export const DEAD_AFTER_FAILURES = 20

/** Decide. Order: a person's command, then hard stops, then guards, then alerts, then time and steps. */
export function decide(facts: RolloutFacts): Decision {
  if (facts.command !== null) return obey(facts, facts.command)
  switch (facts.state) {
    case 'progressing':
      return harmOf(facts) ?? alarmOf(facts) ?? expiry(facts) ?? proceed(facts)
    case 'paused':
      return harmOf(facts) ?? stay(facts)
    default:
      return stay(facts)
  }
}

/** Where each command leads, and from where it may be given. */
const COMMANDS: Readonly<Record<RolloutCommandKind, { to: RolloutState; from: readonly RolloutState[] }>> = {
  pause: { to: 'paused', from: ['progressing'] },
  resume: { to: 'progressing', from: ['paused'] },
  promote: { to: 'promoted', from: ['progressing', 'paused'] },
  abort: { to: 'aborted', from: ['progressing', 'paused'] },
  roll_back: { to: 'rolled_back', from: ['progressing', 'paused', 'promoted'] },
}

/** A command whose end is already reached changes nothing, so that pressing twice is harmless. */
function obey(facts: RolloutFacts, command: RolloutCommand): Decision {
  const { to, from } = COMMANDS[command.kind]
  if (facts.state === to) return stay(facts)
  if (from.includes(facts.state)) return carryOut(facts, command)
  const verb = command.kind === 'roll_back' ? 'be rolled back' : `take the command ${command.kind}`
  return {
    kind: 'refuse',
    next: facts.state,
    message: `a rollout that is ${facts.state.replace('_', ' ')} cannot ${verb}`,
  }
}

function carryOut(facts: RolloutFacts, command: RolloutCommand): Decision {
  const detail = command.reason === '' ? command.actor : `${command.actor}: ${command.reason}`
  switch (command.kind) {
    case 'roll_back':
      return rollBack(facts, 'person', detail)
    case 'pause':
      return { kind: 'pause', next: 'paused', reason: 'person', detail }
    case 'resume':
      return { kind: 'resume', next: 'progressing', detail }
    case 'promote':
      return harmOf(facts) ?? { kind: 'promote', next: 'promoted', by: 'person', detail, evidence: evidenceOf(facts) }
    case 'abort':
      return { kind: 'abort', next: 'aborted', detail, evidence: evidenceOf(facts) }
  }
}

/** Hard stops first: they need no evidence and must not wait for any. */
function harmOf(facts: RolloutFacts): Decision | null {
  const { ready, successes, failures, invalidOutputs } = facts.health
  if (successes === 0 && failures >= DEAD_AFTER_FAILURES) {
    return rollBack(facts, 'no_success', `none of the canary's ${failures} answers was a success`)
  }
  if (invalidOutputs > 0) return rollBack(facts, 'invalid_outputs', `${invalidOutputs} answers held no valid number`)
  if (ready === false) return rollBack(facts, 'not_ready', 'no gateway can serve the canary any more')
  const failed = summariseEvidence(facts.evidence, facts.policy).find(({ verdict }) => verdict === 'fail')
  return failed === undefined ? null : rollBack(facts, 'guard', `${failed.guard}: ${failed.sentence}`)
}

function rollBack(facts: RolloutFacts, reason: RollbackReason, detail: string): Decision {
  return { kind: 'roll_back', next: 'rolled_back', reason, detail, evidence: evidenceOf(facts) }
}

/** The evidence as it stands, with the promise it carries. */
export function evidenceOf(facts: Pick<RolloutFacts, 'evidence' | 'policy'>): DecisionEvidence {
  const bound = falseRollbackBound(facts.policy)
  return { findings: summariseEvidence(facts.evidence, facts.policy), bound, statement: stateBound(facts.policy) }
}

/** Union bound over the guards (Ville's inequality for each). */
export function falseRollbackBound(policy: RolloutPolicy): number {
  return policy.guards.reduce((sum, { share }) => sum + share * policy.alpha, 0)
}

/** The promise of a policy in plain words. */
export function stateBound(policy: RolloutPolicy): string {
  const bound = formatShare(falseRollbackBound(policy))
  return `The chance that these guards ever roll back a canary that is within its margin is at most ${bound}, however long it runs and however often it is looked at.`
}

function alarmOf(facts: RolloutFacts): Decision | null {
  if (facts.criticalAlerts.length === 0 || facts.policy.onCriticalAlert === 'ignore') return null
  const detail = `open critical alerts: ${facts.criticalAlerts.join(', ')}`
  return { kind: 'pause', next: 'paused', reason: 'critical_alert', detail }
}

function expiry(facts: RolloutFacts): Decision | null {
  const { maxDurationMs, onInconclusive } = facts.policy
  if (maxDurationMs === null || facts.nowMs - facts.startedAtMs <= maxDurationMs) return null
  const detail = `not through its steps within ${Math.round(maxDurationMs / 1000)} s`
  if (onInconclusive === 'roll_back') return rollBack(facts, 'inconclusive', detail)
  return { kind: 'pause', next: 'paused', reason: 'inconclusive', detail }
}

function proceed(facts: RolloutFacts): Decision {
  const waiting = waitingOf(facts)
  if (waiting.dwellMs > 0 || waiting.units > 0 || !waiting.routed || facts.health.ready === null) return stay(facts)
  const stepIndex = facts.stepIndex + 1
  const step = facts.policy.steps[stepIndex]
  const evidence = evidenceOf(facts)
  if (step !== undefined)
    return { kind: 'advance', next: 'progressing', stepIndex, weightBps: step.weightBps, evidence }
  if (waiting.proof.length > 0) return stay(facts)
  return { kind: 'promote', next: 'promoted', by: 'policy', detail: 'passed every step', evidence }
}

/** What the current step still lacks; proof of safety is asked for on the last step only. */
export function waitingOf(facts: RolloutFacts): Waiting {
  const step = facts.policy.steps[facts.stepIndex]
  const isLast = facts.stepIndex >= facts.policy.steps.length - 1
  return {
    dwellMs: Math.max(0, (step?.minDwellMs ?? 0) - (facts.nowMs - facts.stepStartedAtMs)),
    units: Math.max(0, (step?.minUnits ?? 0) - facts.stepUnits),
    routed: facts.routed,
    proof: isLast ? missingProof(facts.evidence, facts.policy) : [],
  }
}

function stay(facts: RolloutFacts): Decision {
  return { kind: 'stay', next: facts.state, waiting: waitingOf(facts) }
}
