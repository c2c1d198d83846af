import { describe, expect, it } from 'vitest'
import { chiSquareContingency } from './contingency.ts'
import { type CanaryHypothesis, observeStratum, startCanaryProcess } from './eprocess/canary.ts'
import { LATENCY_HYPOTHESIS, latencyThresholds, observeLatency, startLatencyProcess } from './eprocess/latency.ts'
import { ksTest } from './ks.ts'
import { seededRandom } from './quality/bootstrap.ts'
import { estimatePerformance } from './quality/cbpe.ts'
import { aucInterval, delongAuc } from './quality/delong.ts'
import { applyIsotonic, fitIsotonic } from './quality/isotonic.ts'
import { binomials, draw, normals } from './testing/random.ts'

/** Share of runs in which something happens; all generators are seeded, so the share is the same on every machine. */
function share(runs: number, happens: (run: number) => boolean): number {
  let count = 0
  for (let run = 0; run < runs; run++) if (happens(run)) count += 1
  return count / runs
}

describe('false-alarm rates without drift (goal S5: alpha .05)', () => {
  it.each([2, 3, 5, 10])('tie-aware Kolmogorov-Smirnov on %i levels lies within [.03, .055]', (levels) => {
    const random = seededRandom(levels)
    const next = () => Math.floor(random() * levels)
    const rate = share(
      3000,
      () => ksTest(draw(200, next), draw(150, next), { method: 'exact', ties: true }).pValue <= 0.05,
    )
    expect(rate).toBeGreaterThanOrEqual(0.03)
    expect(rate).toBeLessThanOrEqual(0.055)
  })

  it('Kolmogorov-Smirnov on continuous data lies within [.03, .055], by every method', () => {
    const next = normals(seededRandom(11))
    const options = [
      { method: 'exact', ties: true },
      { method: 'exact' },
      { method: 'best' },
      { method: 'auto' },
    ] as const
    const alarms = [0, 0, 0, 0]
    for (let run = 0; run < 3000; run++) {
      const x = draw(200, next)
      const y = draw(150, next)
      options.forEach((chosen, k) => {
        if (ksTest(x, y, chosen).pValue <= 0.05) alarms[k] = (alarms[k] as number) + 1
      })
    }
    for (const count of alarms) {
      expect(count / 3000).toBeGreaterThanOrEqual(0.03)
      expect(count / 3000).toBeLessThanOrEqual(0.055)
    }
  })

  it('contingency chi-square lies within [.03, .06]', () => {
    const random = seededRandom(3)
    const counts = (n: number) => {
      const row = new Array<number>(10).fill(0)
      for (let i = 0; i < n; i++) {
        const level = Math.floor(random() * 10)
        row[level] = (row[level] as number) + 1
      }
      return row
    }
    for (const n of [100, 1000]) {
      const rate = share(3000, () => chiSquareContingency([counts(1000), counts(n)]).pValue <= 0.05)
      expect(rate).toBeGreaterThanOrEqual(0.03)
      expect(rate).toBeLessThanOrEqual(0.06)
    }
  })
})

const CANARY: CanaryHypothesis = { psi0: 1, alternatives: [1.5, 2, 3, 5, 8, 15] }
const LIMIT = Math.log(100)

/** Seconds until rollback at alpha .01, 5 % of 100 requests a second; Infinity where the run ends without. */
function secondsToRollback(
  hypothesis: CanaryHypothesis,
  traffic: { canary: () => number; control: () => number; seconds: number },
) {
  let state = startCanaryProcess(hypothesis)
  for (let second = 1; second <= traffic.seconds; second++) {
    const canaryBad = traffic.canary()
    const controlBad = traffic.control()
    state = observeStratum(state, { canaryUnits: 5, controlUnits: 95, canaryBad, controlBad }, second - 1)
    if (state.logE >= LIMIT) return { seconds: second, logE: state.logE }
  }
  return { seconds: Number.POSITIVE_INFINITY, logE: state.logE }
}

describe('canary e-process under simulation', () => {
  const random = seededRandom(2024)
  const healthy = { canary: binomials(random, 5, 0.01), control: binomials(random, 95, 0.01) }

  it('has mean at most 1 and rarely ever reaches 100 under the null', () => {
    const runs = 2500
    let sum = 0
    const rate = share(runs, () => {
      const { seconds, logE } = secondsToRollback(CANARY, { ...healthy, seconds: 120 })
      sum += Math.exp(logE)
      return Number.isFinite(seconds)
    })
    // Stopped at 100 or after two minutes: by optional stopping the mean stays 1 (standard error about .1).
    expect(sum / runs).toBeLessThanOrEqual(1.25)
    expect(rate).toBeLessThanOrEqual(0.013)
  })

  it('finds errors that rise from 1 % to 5 % in half a minute (goal S6)', () => {
    const faulty = { canary: binomials(random, 5, 0.05), control: healthy.control, seconds: 600 }
    const times = Array.from({ length: 400 }, () => secondsToRollback(CANARY, faulty).seconds).sort((a, b) => a - b)
    expect(times[200]).toBeLessThanOrEqual(35)
    expect(times[360]).toBeLessThanOrEqual(75)
  })

  it('does not blame the canary for an outage of both sides (goal S7)', () => {
    const outage = { canary: binomials(random, 5, 0.2), control: binomials(random, 95, 0.2), seconds: 120 }
    expect(share(300, () => Number.isFinite(secondsToRollback(CANARY, outage).seconds))).toBeLessThanOrEqual(0.01)
  })

  it('forgives a harmless tenth more errors within the margin (goal S7)', () => {
    const slightly = { canary: binomials(random, 5, 0.011), control: healthy.control, seconds: 300 }
    const margin = { ...CANARY, psi0: 1.25 }
    expect(share(300, () => Number.isFinite(secondsToRollback(margin, slightly).seconds))).toBeLessThanOrEqual(0.005)
  })

  it('finds a late fault in time with the restart mixture (goal S7, fault at minute 5)', () => {
    const restart = { ...CANARY, restart: { starts: 30, every: 60 } }
    const faultyCanary = binomials(random, 5, 0.05)
    const times = Array.from({ length: 120 }, () => {
      let second = 0
      const canary = () => (second++ < 300 ? healthy.canary() : faultyCanary())
      return secondsToRollback(restart, { canary, control: healthy.control, seconds: 900 }).seconds - 300
    }).sort((a, b) => a - b)
    expect(times[60]).toBeLessThanOrEqual(60)
    expect(times[108]).toBeLessThanOrEqual(105)
  })
})

describe('latency e-process under simulation (goal S8)', () => {
  /** Lognormal latencies of spread .6, 5 canary and 95 control requests a second; thresholds from the seconds before. */
  function secondsToSlow(random: () => number, factors: { canary: number; control: number; seconds: number }): number {
    const next = normals(random)
    const latency = (factor: number) => factor * Math.exp(0.6 * next())
    const earlier = draw(3000, () => latency(1))
    const thresholds = latencyThresholds(earlier, LATENCY_HYPOTHESIS.quantiles)
    let state = startLatencyProcess({ ...LATENCY_HYPOTHESIS, evidence: CANARY })
    for (let second = 1; second <= factors.seconds; second++) {
      const interval = {
        canary: draw(5, () => latency(factors.canary)),
        control: draw(95, () => latency(factors.control)),
      }
      state = observeLatency(state, interval, { thresholds, position: second - 1 })
      if (state.logE >= LIMIT) return second
    }
    return Number.POSITIVE_INFINITY
  }

  it('finds a canary that is half slower in seconds, and never two sides that slow down together', () => {
    const random = seededRandom(61)
    const slow = Array.from({ length: 60 }, () => secondsToSlow(random, { canary: 1.5, control: 1, seconds: 120 }))
    slow.sort((a, b) => a - b)
    expect(slow[30]).toBeLessThanOrEqual(15)
    const together = share(100, () => {
      return Number.isFinite(secondsToSlow(random, { canary: 3, control: 3, seconds: 60 }))
    })
    expect(together).toBeLessThanOrEqual(0.01)
  })
})

describe('model quality under simulation (goal S9)', () => {
  it('logit-DeLong covers the true AUC in 93-97 % of windows of 500', () => {
    const random = seededRandom(99)
    const next = normals(random)
    const truth = 0.8802
    const covered = share(1200, () => {
      const labels = Array.from({ length: 500 }, () => (random() < 0.13 ? 1 : 0))
      const scores = labels.map((label) => next() + (label === 1 ? 1.6625 : 0))
      const { low, high } = aucInterval(delongAuc({ labels, scores }))
      return low <= truth && truth <= high
    })
    expect(covered).toBeGreaterThanOrEqual(0.93)
    expect(covered).toBeLessThanOrEqual(0.97)
  })

  it('expected accuracy is within .015 of the real one under covariate shift, and blind to a change of concept', () => {
    const random = seededRandom(4)
    const next = normals(random)
    const chance = (x: number) => 1 / (1 + Math.exp(2 - 1.5 * x))
    const label = (p: number) => (random() < p ? 1 : 0)
    const reference = draw(20_000, next)
    const map = fitIsotonic(
      reference,
      Array.from(reference, (x) => label(chance(x))),
    )
    const judge = (shift: number, concept: (x: number) => number) => {
      const rows = draw(20_000, () => next() + shift)
      const probabilities = rows.map((x) => applyIsotonic(map, x))
      let correct = 0
      rows.forEach((x, i) => {
        if (label(concept(x)) === ((probabilities[i] as number) >= 0.5 ? 1 : 0)) correct += 1
      })
      return estimatePerformance(probabilities).accuracy - correct / rows.length
    }
    for (const shift of [-1, 0, 1]) expect(Math.abs(judge(shift, chance))).toBeLessThanOrEqual(0.015)
    expect(judge(0, (x) => chance(-x))).toBeGreaterThan(0.1)
  })
})
