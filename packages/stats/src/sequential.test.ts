import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaBinomialLogEvidence, rateConfidenceSequence } from './eprocess/beta-binomial.ts'
import { observeStratum, PROMOTION_HYPOTHESIS, ROLLBACK_HYPOTHESIS, startCanaryProcess } from './eprocess/canary.ts'
import { sampleRatioLogEvidence } from './eprocess/dirichlet.ts'
import { anytimePValue, logMeanExp, logWeightedMeanExp, rejectsAnytime } from './eprocess/evidence.ts'
import { latencyStratum, latencyThresholds, observeLatency, startLatencyProcess } from './eprocess/latency.ts'
import { confidenceSequenceHalfWidth, normalMixtureLogEvidence } from './eprocess/normal-mixture.ts'
import { oddsRatioLogEvidence } from './eprocess/odds-ratio.ts'
import { alphaSpent, crossingProbabilities, groupSequentialBounds } from './group-sequential.ts'
import { binomialMass } from './special/beta.ts'
import { logChoose } from './special/gamma.ts'

const counts = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 }))
  .chain(([canaryUnits, controlUnits]) => {
    return fc.record({
      canaryUnits: fc.constant(canaryUnits),
      controlUnits: fc.constant(controlUnits),
      bad: fc.integer({ min: 0, max: canaryUnits + controlUnits }),
    })
  })
const psi = fc.double({ min: 0.1, max: 20, noNaN: true })

/** Expectation of the likelihood ratio when the odds ratio truly is `truth`, over every possible stratum. */
function expectation(
  sizes: { canaryUnits: number; controlUnits: number; bad: number },
  ratios: { psi: number; psi0: number },
  truth: number,
) {
  const { canaryUnits, controlUnits, bad } = sizes
  let mass = 0
  let sum = 0
  for (let k = Math.max(0, bad - controlUnits); k <= Math.min(canaryUnits, bad); k++) {
    const weight = Math.exp(logChoose(canaryUnits, k) + logChoose(controlUnits, bad - k) + k * Math.log(truth))
    mass += weight
    sum +=
      weight * Math.exp(oddsRatioLogEvidence({ canaryUnits, controlUnits, canaryBad: k, controlBad: bad - k }, ratios))
  }
  return sum / mass
}

describe('the stratified 2 x 2 likelihood ratio', () => {
  it('has expectation 1 at the border of the null hypothesis', () => {
    fc.assert(
      fc.property(counts, psi, psi, (sizes, alternative, psi0) => {
        expect(expectation(sizes, { psi: alternative, psi0 }, psi0)).toBeCloseTo(1, 9)
      }),
      { numRuns: 200 },
    )
  })

  it('has expectation at most 1 everywhere inside it', () => {
    fc.assert(
      fc.property(counts, psi, psi, psi, (sizes, a, b, c) => {
        const [truth, psi0, alternative] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
        expect(expectation(sizes, { psi: alternative, psi0 }, truth)).toBeLessThanOrEqual(1 + 1e-9)
        expect(expectation(sizes, { psi: truth, psi0 }, alternative)).toBeLessThanOrEqual(1 + 1e-9)
      }),
      { numRuns: 200 },
    )
  })

  it('stays finite for counts far out in the tail', () => {
    const stratum = { canaryUnits: 50_000, controlUnits: 50_000, canaryBad: 20_000, controlBad: 0 }
    const logE = oddsRatioLogEvidence(stratum, { psi: 15, psi0: 1 })
    expect(logE).toBeGreaterThan(5000)
    expect(logE).toBeLessThan(20_000)
  })

  it('refuses counts that contradict each other', () => {
    const stratum = { canaryUnits: 1, controlUnits: 1, canaryBad: 2, controlBad: 0 }
    expect(() => oddsRatioLogEvidence(stratum, { psi: 2, psi0: 1 })).toThrow(/canaryBad/)
    expect(() => oddsRatioLogEvidence({ ...stratum, canaryBad: 0.5 }, { psi: 2, psi0: 1 })).toThrow(/whole number/)
    expect(() => oddsRatioLogEvidence({ ...stratum, canaryBad: 1 }, { psi: -2, psi0: 1 })).toThrow(/positive/)
  })
})

describe('the canary process', () => {
  const bad = { canaryUnits: 5, controlUnits: 95, canaryBad: 2, controlBad: 0 }
  const good = { canaryUnits: 5, controlUnits: 95, canaryBad: 0, controlBad: 1 }

  it('starts at e = 1 and keeps the largest evidence', () => {
    const start = startCanaryProcess(ROLLBACK_HYPOTHESIS)
    expect(start.logE).toBe(0)
    const high = observeStratum(start, bad)
    const after = observeStratum(high, good)
    expect(high.logE).toBeGreaterThan(0)
    expect(after.logE).toBeLessThan(high.logE)
    expect(after.maxLogE).toBe(high.logE)
    expect(start.strata).toBe(0)
  })

  it('survives JSON: the state is plain data', () => {
    const state = observeStratum(startCanaryProcess(ROLLBACK_HYPOTHESIS), bad)
    expect(observeStratum(JSON.parse(JSON.stringify(state)), good)).toEqual(observeStratum(state, good))
  })

  it('equals the mixture written out, starts that are not open counting 1', () => {
    const hypothesis = { psi0: 1, alternatives: [2, 5], restart: { starts: 3, every: 2 } }
    const strata = [good, good, bad, bad, good]
    const product = (from: number, alternative: number) => {
      return strata.slice(from).reduce((sum, s) => sum + oddsRatioLogEvidence(s, { psi: alternative, psi0: 1 }), 0)
    }
    const start = (from: number) => (Math.exp(product(from, 2)) + Math.exp(product(from, 5))) / 2
    const process = strata.reduce((state, s) => observeStratum(state, s), startCanaryProcess(hypothesis))
    expect(Math.exp(process.logE)).toBeCloseTo((start(0) + start(2) + start(4)) / 3, 10)
    const short = strata.slice(0, 2).reduce((state, s) => observeStratum(state, s), startCanaryProcess(hypothesis))
    const one = Math.exp(2 * oddsRatioLogEvidence(good, { psi: 2, psi0: 1 }))
    const two = Math.exp(2 * oddsRatioLogEvidence(good, { psi: 5, psi0: 1 }))
    expect(Math.exp(short.logE)).toBeCloseTo(((one + two) / 2 + 2) / 3, 10)
  })

  it('promotes on evidence against a large odds ratio', () => {
    let state = startCanaryProcess(PROMOTION_HYPOTHESIS)
    for (let i = 0; i < 60; i++)
      state = observeStratum(state, { canaryUnits: 50, controlUnits: 50, canaryBad: i % 2, controlBad: 1 })
    expect(rejectsAnytime(state.maxLogE, 0.05)).toBe(true)
  })

  it('refuses alternatives on both sides of the border', () => {
    expect(() => startCanaryProcess({ psi0: 1, alternatives: [0.5, 2] })).toThrow(/one side/)
    expect(() => startCanaryProcess({ psi0: 1, alternatives: [] })).toThrow(/alternative/)
    expect(() => startCanaryProcess({ psi0: 1, alternatives: [2], restart: { starts: 0, every: 1 } })).toThrow(
      /restart/,
    )
  })
})

describe('mixtures over a rate', () => {
  const rate = fc.double({ min: 0.02, max: 0.98, noNaN: true })
  const shape = fc.double({ min: 0.2, max: 60, noNaN: true })

  it('the beta-binomial e-value has expectation 1, its one-sided forms too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), rate, shape, shape, (total, theta0, a, b) => {
        for (const alternative of ['two-sided', 'greater', 'less'] as const) {
          let sum = 0
          for (let k = 0; k <= total; k++) {
            const logE = betaBinomialLogEvidence({ bad: k, total, theta0, prior: { a, b } }, alternative)
            sum += binomialMass(k, total, theta0) * Math.exp(logE)
          }
          expect(sum).toBeCloseTo(1, 7)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('the sample-ratio e-value is the beta-binomial one for two arms and has expectation 1', () => {
    const prior = { a: 5, b: 95 }
    let sum = 0
    for (let k = 0; k <= 300; k++) {
      const logE = sampleRatioLogEvidence({ counts: [k, 300 - k], shares: [1, 19] })
      expect(logE).toBeCloseTo(betaBinomialLogEvidence({ bad: k, total: 300, theta0: 0.05, prior }), 11)
      sum += binomialMass(k, 300, 0.05) * Math.exp(logE)
    }
    expect(sum).toBeCloseTo(1, 9)
    expect(sampleRatioLogEvidence({ counts: [400, 300, 300], shares: [1, 1, 1] })).toBeGreaterThan(5)
    expect(() => sampleRatioLogEvidence({ counts: [1, 2], shares: [1] })).toThrow(/pair up/)
  })

  it('the confidence sequence of a rate holds its own evidence at the limits', () => {
    const prior = { a: 1, b: 19 }
    const { low, high } = rateConfidenceSequence({ bad: 52, total: 1000, prior, alpha: 0.05 })
    for (const theta0 of [low, high]) {
      expect(betaBinomialLogEvidence({ bad: 52, total: 1000, theta0, prior })).toBeCloseTo(Math.log(20), 6)
    }
    expect(rateConfidenceSequence({ bad: 0, total: 10, prior, alpha: 0.05 }).low).toBe(0)
    expect(rateConfidenceSequence({ bad: 10, total: 10, prior, alpha: 0.05 }).high).toBe(1)
    expect(rateConfidenceSequence({ bad: 0, total: 0, prior, alpha: 0.05 })).toEqual({ low: 0, high: 1 })
  })

  it('the normal mixture has expectation 1 under the null', () => {
    let sum = 0
    for (let z = -12; z <= 12; z += 1e-3) {
      sum += Math.exp(normalMixtureLogEvidence({ z, n: 50, rho2: 0.01 }) - (z * z) / 2) * 1e-3
    }
    expect(sum / Math.sqrt(2 * Math.PI)).toBeCloseTo(1, 6)
  })

  it('the confidence sequence is tightest near the size it is made for', () => {
    const width = (n: number) =>
      confidenceSequenceHalfWidth({ standardError: 1 / Math.sqrt(n), n, tightestAt: 5000, alpha: 0.05 }) * Math.sqrt(n)
    expect(width(5000)).toBeLessThan(width(50))
    expect(width(5000)).toBeLessThan(width(5_000_000))
  })
})

describe('evidence', () => {
  it('averages without overflow', () => {
    expect(logMeanExp([1000, 1000])).toBe(1000)
    expect(logMeanExp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY)
    expect(logWeightedMeanExp([0, Math.log(3)], [1, 3])).toBeCloseTo(Math.log(2.5), 12)
    expect(() => logMeanExp([])).toThrow(/pair up/)
  })

  it('rejects at 1/alpha and refuses evidence that is not a number', () => {
    expect(rejectsAnytime(Math.log(100) + 1e-12, 0.01)).toBe(true)
    expect(rejectsAnytime(Math.log(99), 0.01)).toBe(false)
    expect(anytimePValue(Math.log(50))).toBeCloseTo(0.02, 12)
    expect(anytimePValue(-3)).toBe(1)
    expect(() => rejectsAnytime(Number.NaN, 0.01)).toThrow(/not a number/)
  })
})

describe('latency evidence', () => {
  const earlier = Array.from({ length: 100 }, (_, i) => i + 1)

  it('takes thresholds as quantiles of the earlier control', () => {
    expect(latencyThresholds(earlier, [0.5, 0.9, 0.99])).toEqual([50, 90, 99])
    expect(() => latencyThresholds([], [0.5])).toThrow(/no earlier/)
  })

  it('forgives the canary its tolerance', () => {
    const stratum = latencyStratum({ canary: [54, 56], control: [54, 40] }, 50, 0.1)
    expect(stratum).toEqual({ canaryUnits: 2, controlUnits: 2, canaryBad: 1, controlBad: 1 })
    expect(() => latencyStratum({ canary: [Number.NaN], control: [1] }, 50, 0.1)).toThrow(/latency/)
  })

  it('grows when the canary alone is slow, not when both are', () => {
    const thresholds = latencyThresholds(earlier, [0.5, 0.9, 0.99])
    let slow = startLatencyProcess()
    let both = startLatencyProcess()
    for (let i = 0; i < 30; i++) {
      slow = observeLatency(slow, { canary: [95, 80, 120], control: [40, 30, 60, 20, 70] }, { thresholds })
      both = observeLatency(both, { canary: [195, 180, 220], control: [140, 230, 160, 220, 270] }, { thresholds })
    }
    expect(rejectsAnytime(slow.maxLogE, 0.01)).toBe(true)
    expect(both.maxLogE).toBeLessThan(0.1)
  })
})

describe('group-sequential bounds', () => {
  const fifths = [0.2, 0.4, 0.6, 0.8, 1]

  it.each([
    ['pocock', [2.413, 2.413, 2.413, 2.413, 2.413]],
    ['obrien-fleming', [4.562, 3.226, 2.634, 2.281, 2.04]],
    ['obrien-fleming-spending', [4.877, 3.357, 2.68, 2.29, 2.031]],
    ['pocock-spending', [2.438, 2.427, 2.41, 2.397, 2.386]],
  ] as const)('%s agrees with the published constants for five looks at 0.05', (shape, published) => {
    const { bounds, spent } = groupSequentialBounds({ shape, fractions: fifths, alpha: 0.05 })
    bounds.forEach((bound, k) => {
      expect(bound).toBeCloseTo(published[k] as number, 3)
    })
    expect(spent.at(-1)).toBeCloseTo(0.05, 9)
    expect(crossingProbabilities(bounds, fifths).at(-1)).toBeCloseTo(0.05, 6)
  })

  it('spends nothing at the start and all at the end', () => {
    for (const shape of ['obrien-fleming-spending', 'pocock-spending'] as const) {
      expect(alphaSpent(shape, 0.05, 1e-6)).toBeLessThan(1e-5)
      expect(alphaSpent(shape, 0.05, 1)).toBeCloseTo(0.05, 12)
    }
  })

  it('refuses fractions that do not ascend to 1', () => {
    expect(() => groupSequentialBounds({ shape: 'pocock', fractions: [0.5, 0.4], alpha: 0.05 })).toThrow(/ascend/)
    expect(() => crossingProbabilities([2], [0.5, 1])).toThrow(/one bound/)
  })
})
