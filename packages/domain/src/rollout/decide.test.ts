import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide, type RolloutFacts, waitingOf } from './decide.ts'
import { emptyEvidence, foldEvidence } from './evidence.ts'
import { checkPolicy, DEFAULT_POLICY, GUARD_KINDS, makePolicy, type RolloutPolicy } from './policy.ts'
import {
  canMoveRollout,
  isRolloutActive,
  ROLLOUT_COMMANDS,
  ROLLOUT_STATES,
  type RolloutCommandKind,
  type RolloutState,
} from './state.ts'

const START = 1_000_000
const policy: RolloutPolicy = makePolicy({
  steps: [
    { weightBps: 1000, minDwellS: 10, minUnits: 50 },
    { weightBps: 5000, minDwellS: 20, minUnits: 100 },
  ],
  alpha: 0.01,
  guards: GUARD_KINDS,
  margin: 1.25,
  maxDurationS: 600,
})

/** A healthy rollout in its first step, 5 s in. */
const calm: RolloutFacts = {
  state: 'progressing',
  policy,
  evidence: emptyEvidence(START),
  nowMs: START + 5_000,
  startedAtMs: START,
  stepIndex: 0,
  stepStartedAtMs: START,
  stepUnits: 60,
  health: { ready: true, successes: 60, failures: 0, invalidOutputs: 0 },
  routed: true,
  criticalAlerts: [],
  command: null,
}
const ripe = { nowMs: START + 30_000 }
const lastStep = { stepIndex: 1, stepStartedAtMs: START, stepUnits: 100, nowMs: START + 30_000 }
const harm = foldEvidence(
  emptyEvidence(START),
  Array.from({ length: 30 }, (_, second) => ({
    atMs: START + second * 1000,
    strata: { errors: { canaryUnits: 10, canaryBad: 5, controlUnits: 90, controlBad: 1 } },
  })),
  policy,
)
const command = (kind: RolloutCommandKind) => ({ kind, actor: 'Ada', reason: 'saw it' })

describe('decide', () => {
  it.each<[string, Partial<RolloutFacts>, Partial<Decision> & { reason?: string }]>([
    ['stays while the step is young', {}, { kind: 'stay', next: 'progressing' }],
    ['stays while units are few', { ...ripe, stepUnits: 49 }, { kind: 'stay' }],
    ['stays until gateways have applied the routes', { ...ripe, routed: false }, { kind: 'stay' }],
    [
      'stays until a gateway has loaded the canary',
      { ...ripe, health: { ...calm.health, ready: null } },
      { kind: 'stay' },
    ],
    ['advances when a step is through', ripe, { kind: 'advance', next: 'progressing' }],
    ['promotes after the last step', lastStep, { kind: 'promote', next: 'promoted' }],
    ['rolls back on evidence', { evidence: harm }, { kind: 'roll_back', next: 'rolled_back', reason: 'guard' }],
    ['rolls back on evidence when paused', { state: 'paused', evidence: harm }, { kind: 'roll_back', reason: 'guard' }],
    [
      'rolls back a canary without a single success',
      { health: { ready: true, successes: 0, failures: 20, invalidOutputs: 0 } },
      { kind: 'roll_back', reason: 'no_success' },
    ],
    [
      'does not, before twenty tries',
      { health: { ready: true, successes: 0, failures: 19, invalidOutputs: 0 } },
      { kind: 'stay' },
    ],
    ['rolls back invalid outputs', { health: { ...calm.health, invalidOutputs: 1 } }, { reason: 'invalid_outputs' }],
    ['rolls back a canary nobody can serve', { health: { ...calm.health, ready: false } }, { reason: 'not_ready' }],
    ['pauses on a critical alert', { criticalAlerts: ['alt_1'] }, { kind: 'pause', reason: 'critical_alert' }],
    [
      'ignores alerts when told to',
      { criticalAlerts: ['alt_1'], policy: { ...policy, onCriticalAlert: 'ignore' } },
      { kind: 'stay' },
    ],
    ['prefers rolling back over pausing', { criticalAlerts: ['alt_1'], evidence: harm }, { kind: 'roll_back' }],
    ['pauses after the longest duration', { nowMs: START + 600_001 }, { kind: 'pause', reason: 'inconclusive' }],
    [
      'or rolls back then, when told to',
      { nowMs: START + 600_001, policy: { ...policy, onInconclusive: 'roll_back' } },
      { kind: 'roll_back', reason: 'inconclusive' },
    ],
    ['does not advance by itself while paused', { ...ripe, state: 'paused' }, { kind: 'stay', next: 'paused' }],
  ])('%s', (_, over, expected) => {
    expect(decide({ ...calm, ...over })).toMatchObject(expected)
  })

  it('says where an advance leads', () => {
    expect(decide({ ...calm, ...ripe })).toMatchObject({ stepIndex: 1, weightBps: 5000 })
  })

  it('records the evidence and the promise with a rollback', () => {
    const decision = decide({ ...calm, evidence: harm })
    if (decision.kind !== 'roll_back') throw new Error('expected a rollback')
    expect(decision.evidence.bound).toBeCloseTo(0.01, 12)
    expect(decision.evidence.statement).toContain('at most 1 %')
    expect(decision.evidence.findings.map(({ guard, verdict }) => [guard, verdict])).toEqual([
      ['errors', 'fail'],
      ['quality', 'inconclusive'],
      ['latency', 'inconclusive'],
    ])
    expect(decision.detail).toMatch(/^errors: 150 of 300 canary units failed against 30 of 2700; .*at most 0.4 %$/)
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
  })

  it('waits for proof of safety where a guard demands it', () => {
    const demanding = {
      ...policy,
      guards: policy.guards.map((guard) => ({ ...guard, mustProve: guard.kind === 'quality' })),
    }
    const facts = { ...calm, ...lastStep, policy: demanding }
    expect(waitingOf(facts).proof).toEqual(['quality'])
    expect(decide(facts).kind).toBe('stay')
    const seconds = Array.from({ length: 300 }, (_, second) => ({
      atMs: START + second * 1000,
      strata: { quality: { canaryUnits: 10, canaryBad: 1, controlUnits: 10, controlBad: second % 2 === 0 ? 1 : 2 } },
    }))
    const safe = foldEvidence(emptyEvidence(START), seconds, demanding)
    expect(decide({ ...facts, evidence: safe }).kind).toBe('promote')
  })
})

describe('commands', () => {
  const outcomes: Record<RolloutState, Record<RolloutCommandKind, string>> = {
    progressing: { pause: 'pause', resume: 'stay', promote: 'promote', abort: 'abort', roll_back: 'roll_back' },
    paused: { pause: 'stay', resume: 'resume', promote: 'promote', abort: 'abort', roll_back: 'roll_back' },
    promoted: { pause: 'refuse', resume: 'refuse', promote: 'stay', abort: 'refuse', roll_back: 'roll_back' },
    rolled_back: { pause: 'refuse', resume: 'refuse', promote: 'refuse', abort: 'refuse', roll_back: 'stay' },
    aborted: { pause: 'refuse', resume: 'refuse', promote: 'refuse', abort: 'stay', roll_back: 'refuse' },
  }
  it.each(ROLLOUT_STATES.flatMap((state) => ROLLOUT_COMMANDS.map((kind) => [state, kind] as const)))(
    '%s + %s',
    (state, kind) => {
      const decision = decide({ ...calm, state, command: command(kind) })
      expect(decision.kind).toBe(outcomes[state][kind])
    },
  )

  it('cannot promote what has been shown to do harm', () => {
    expect(decide({ ...calm, evidence: harm, command: command('promote') })).toMatchObject({
      kind: 'roll_back',
      reason: 'guard',
    })
  })

  it('name the person in the decision', () => {
    expect(decide({ ...calm, command: command('roll_back') })).toMatchObject({
      reason: 'person',
      detail: 'Ada: saw it',
    })
    expect(decide({ ...calm, command: { kind: 'pause', actor: 'Ada', reason: '' } })).toMatchObject({ detail: 'Ada' })
  })
})

describe('every decision', () => {
  const facts: fc.Arbitrary<RolloutFacts> = fc
    .record({
      state: fc.constantFrom(...ROLLOUT_STATES),
      evidence: fc.constantFrom(calm.evidence, harm),
      elapsedMs: fc.nat(700_000),
      stepIndex: fc.nat(2),
      stepUnits: fc.nat(200),
      health: fc.record({
        ready: fc.constantFrom(true, false, null),
        successes: fc.nat(3),
        failures: fc.nat(40),
        invalidOutputs: fc.constantFrom(0, 0, 0, 1),
      }),
      routed: fc.boolean(),
      criticalAlerts: fc.constantFrom([], ['alt_1']),
      command: fc.option(fc.constantFrom(...ROLLOUT_COMMANDS).map(command)),
    })
    .map(({ elapsedMs, ...rest }) => ({ ...calm, ...rest, nowMs: START + elapsedMs }))

  it('follows an arrow, never leaves an ended rollout by itself, and always obeys a rollback', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decide(given)
        if (decision.next !== given.state) expect(canMoveRollout(given.state, decision.next)).toBe(true)
        if (!isRolloutActive(given.state) && given.command === null) expect(decision.kind).toBe('stay')
        if (given.command?.kind === 'roll_back' && given.state !== 'aborted') expect(decision.next).toBe('rolled_back')
        if (decision.kind === 'advance')
          expect(decision.weightBps).toBeGreaterThan(policy.steps[given.stepIndex]?.weightBps ?? 0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('checkPolicy', () => {
  it('accepts the default and every policy a request makes', () => {
    expect(checkPolicy(DEFAULT_POLICY)).toBeNull()
    expect(checkPolicy(policy)).toBeNull()
    for (const kinds of [['errors'], ['quality', 'latency']] as const) {
      const made = makePolicy({
        steps: DEFAULT_POLICY.steps.map((step) => ({ ...step, minDwellS: 1 })),
        alpha: 0.05,
        guards: kinds,
        margin: 4,
        maxDurationS: 60,
      })
      expect(checkPolicy(made)).toBeNull()
      expect(made.guards.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    }
  })

  it.each<[Partial<RolloutPolicy>, string]>([
    [{ steps: [] }, 'steps'],
    [
      {
        steps: [
          { weightBps: 500, minDwellMs: 0, minUnits: 0 },
          { weightBps: 500, minDwellMs: 0, minUnits: 0 },
        ],
      },
      'steps',
    ],
    [{ steps: [{ weightBps: 10_001, minDwellMs: 0, minUnits: 0 }] }, 'steps'],
    [{ steps: [{ weightBps: 100, minDwellMs: -1, minUnits: 0 }] }, 'steps'],
    [{ alpha: 0 }, 'alpha'],
    [{ guards: policy.guards.map((guard) => ({ ...guard, share: 0.5 })) }, 'guards'],
    [{ guards: policy.guards.map((guard) => ({ ...guard, kind: 'errors' as const })) }, 'guards'],
    [{ guards: policy.guards.map((guard) => ({ ...guard, margin: 0.9 })) }, 'guards'],
    [{ guards: policy.guards.map((guard) => ({ ...guard, safeRatio: 1 })) }, 'guards'],
    [{ restarts: 0 }, 'restarts'],
    [{ restartEveryMs: 0 }, 'restartEveryMs'],
    [{ safeThreshold: 1 }, 'safeThreshold'],
    [{ maxDurationMs: 0 }, 'maxDurationMs'],
  ])('refuses %o', (over, field) => {
    expect(checkPolicy({ ...policy, ...over })?.field).toBe(field)
  })
})
