import { describe, expect, it } from 'vitest'
import { type Prng, seededPrng } from '../dataset/prng.ts'
import { decide, type RolloutFacts } from './decide.ts'
import {
  type Evidence,
  emptyEvidence,
  foldEvidence,
  formatShare,
  type SecondStrata,
  summariseEvidence,
} from './evidence.ts'
import { makePolicy, type RolloutPolicy } from './policy.ts'

const START = 0
const policyOf = (margin: number): RolloutPolicy =>
  makePolicy({
    steps: [{ weightBps: 500, minDwellS: 1_000_000, minUnits: 1_000_000 }],
    alpha: 0.05,
    guards: ['errors'],
    margin,
    maxDurationS: 1_000_000,
  })

/** Successes among `trials` of chance `p`, by inversion of the waiting time between successes. */
function binomial(prng: Prng, trials: number, p: number): number {
  let count = 0
  let position = Math.floor(Math.log1p(-prng.unit()) / Math.log1p(-p))
  while (position < trials) {
    count++
    position += 1 + Math.floor(Math.log1p(-prng.unit()) / Math.log1p(-p))
  }
  return count
}

type Traffic = { seconds: number; canaryRate: number; stableRate: number; faultAt?: number }

/** 100 requests a second, 5 % of them on the canary; the second of the rollback, or null. */
function runCanary(prng: Prng, policy: RolloutPolicy, traffic: Traffic): number | null {
  let evidence = emptyEvidence(START)
  for (let second = 0; second < traffic.seconds; second++) {
    const canaryUnits = binomial(prng, 100, 0.05)
    const rate = second >= (traffic.faultAt ?? 0) ? traffic.canaryRate : traffic.stableRate
    const stratum = {
      canaryUnits,
      canaryBad: binomial(prng, canaryUnits, rate),
      controlUnits: 100 - canaryUnits,
      controlBad: binomial(prng, 100 - canaryUnits, traffic.stableRate),
    }
    evidence = foldEvidence(evidence, [{ atMs: START + second * 1000, strata: { errors: stratum } }], policy)
    if (summariseEvidence(evidence, policy)[0]?.verdict === 'fail') return second + 1
  }
  return null
}

function times(canaries: number, seed: number, traffic: Traffic, margin = 1): number[] {
  const policy = policyOf(margin)
  const prng = seededPrng(seed)
  return Array.from({ length: canaries }, () => runCanary(prng, policy, traffic) ?? Number.POSITIVE_INFINITY).sort(
    (left, right) => left - right,
  )
}

const median = (sorted: number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN

describe('false rollbacks and detection', () => {
  it('rolls back fewer than alpha of healthy canaries, looking every second', () => {
    const canaries = 400
    const fired = times(canaries, 11, { seconds: 300, canaryRate: 0.01, stableRate: 0.01 }).filter(Number.isFinite)
    expect(fired.length / canaries).toBeLessThanOrEqual(0.05)
  })

  it('finds 1 % to 5 % errors within a minute, most of the time', () => {
    const found = times(60, 12, { seconds: 240, canaryRate: 0.05, stableRate: 0.01 })
    expect(median(found)).toBeLessThanOrEqual(45)
    expect(found.filter(Number.isFinite).length).toBeGreaterThanOrEqual(57)
  })

  it('finds a fault that starts late, because evidence is restarted', () => {
    const found = times(30, 13, { seconds: 500, canaryRate: 0.1, stableRate: 0.01, faultAt: 240 })
    expect(median(found) - 240).toBeLessThanOrEqual(45)
  })

  it('leaves an outage of both arms alone', () => {
    expect(
      times(40, 14, { seconds: 120, canaryRate: 0.2, stableRate: 0.2 }).filter(Number.isFinite).length,
    ).toBeLessThanOrEqual(3)
  })
})

describe('foldEvidence', () => {
  const policy = policyOf(1.25)
  const seconds: SecondStrata[] = Array.from({ length: 200 }, (_, second) => ({
    atMs: second * 1000,
    strata: {
      errors: { canaryUnits: 6, canaryBad: second % 3 === 0 ? 1 : 0, controlUnits: 90, controlBad: second % 2 },
    },
  }))

  it('gives the same in one go, second by second, through JSON, and when told twice', () => {
    const whole = foldEvidence(emptyEvidence(0), seconds, policy)
    let piecemeal: Evidence = emptyEvidence(0)
    for (const second of seconds) {
      piecemeal = JSON.parse(JSON.stringify(foldEvidence(piecemeal, [second], policy)))
      piecemeal = foldEvidence(piecemeal, [second], policy)
    }
    expect(piecemeal).toEqual(whole)
    expect(whole.guards.errors?.canary).toEqual({ units: 1200, bad: 67 })
    expect(JSON.stringify(whole).length).toBeLessThan(8_000)
  })

  it('takes late labels in although errors of later seconds are in already', () => {
    const both = makePolicy({ steps: [], alpha: 0.01, guards: ['errors', 'quality'], margin: 1.25, maxDurationS: 60 })
    const first = foldEvidence(emptyEvidence(0), seconds, both)
    const late = {
      atMs: 10_000,
      strata: { quality: { canaryUnits: 4, canaryBad: 2, controlUnits: 40, controlBad: 2 } },
    }
    expect(foldEvidence(first, [late], both).guards.quality?.canary).toEqual({ units: 4, bad: 2 })
  })

  it('learns nothing from seconds without bad units or with one arm only', () => {
    const silent = [
      { atMs: 0, strata: { errors: { canaryUnits: 9, canaryBad: 0, controlUnits: 90, controlBad: 0 } } },
      { atMs: 1000, strata: { errors: { canaryUnits: 0, canaryBad: 0, controlUnits: 90, controlBad: 9 } } },
      { atMs: 2000, strata: {} },
    ]
    expect(foldEvidence(emptyEvidence(0), silent, policy).guards.errors?.harm.logE).toBe(0)
  })

  it('refuses counts that contradict each other', () => {
    const wrong = { atMs: 0, strata: { errors: { canaryUnits: 1, canaryBad: 2, controlUnits: 1, controlBad: 0 } } }
    expect(() => foldEvidence(emptyEvidence(0), [wrong], policy)).toThrow(/canaryBad/)
  })

  it('tells harm from safety in words', () => {
    const healthy = seconds.map(({ atMs }) => ({
      atMs,
      strata: { errors: { canaryUnits: 50, canaryBad: 1, controlUnits: 50, controlBad: 2 } },
    }))
    const [finding] = summariseEvidence(foldEvidence(emptyEvidence(0), healthy, policy), policy)
    expect(finding).toMatchObject({ verdict: 'pass', bound: 0.05, margin: 1.25 })
    expect(finding?.sentence).toContain('shown to stay under 2 x')
    expect(formatShare(0.0004)).toBe('0.04 %')
  })

  it('feeds a rollback that a worker can commit', () => {
    const broken = seconds.map(({ atMs }) => ({
      atMs,
      strata: { errors: { canaryUnits: 5, canaryBad: 3, controlUnits: 95, controlBad: 1 } },
    }))
    const facts: RolloutFacts = {
      state: 'progressing',
      policy,
      evidence: foldEvidence(emptyEvidence(0), broken.slice(0, 5), policy),
      nowMs: 5000,
      startedAtMs: 0,
      stepIndex: 0,
      stepStartedAtMs: 0,
      stepUnits: 25,
      health: { ready: true, successes: 10, failures: 15, invalidOutputs: 0 },
      routed: true,
      criticalAlerts: [],
      command: null,
    }
    expect(decide(facts)).toMatchObject({ kind: 'roll_back', reason: 'guard' })
  })
})
