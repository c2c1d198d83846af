import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannWhitneyTest } from './mann-whitney.ts'
import * as planning from './planning.ts'
import { bootstrapInterval, seededRandom } from './quality/bootstrap.ts'
import {
  brierDecomposition,
  brierScore,
  expectedCalibrationError,
  logLoss,
  reliabilityTable,
} from './quality/calibration.ts'
import { estimatePerformance } from './quality/cbpe.ts'
import { performanceIntervals } from './quality/cbpe-intervals.ts'
import { binaryCounts, classificationMetrics, confusionMatrix, fBeta } from './quality/confusion.ts'
import { kendallCorrelation, pearsonCorrelation, spearmanCorrelation } from './quality/correlation.ts'
import { aucInterval, delongAuc, delongPaired } from './quality/delong.ts'
import { applyIsotonic, fitIsotonic } from './quality/isotonic.ts'
import { mcnemarTest } from './quality/mcnemar.ts'
import { moments, welchTest } from './quality/means.ts'
import { meanAbsoluteError, rootMeanSquaredError, rSquared } from './quality/regression.ts'
import { averagePrecision, rocAuc, rocCurve } from './quality/roc.ts'

const labelled = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 10 }) }), {
    minLength: 2,
    maxLength: 40,
  })
  .filter((rows) => rows.some((r) => r.label === 0) && rows.some((r) => r.label === 1))
  .map((rows) => ({ labels: rows.map((r) => r.label), scores: rows.map((r) => r.score / 10) }))

describe('ranking quality', () => {
  it('the AUC is the Mann-Whitney superiority, DeLong agrees, and reversal mirrors it', () => {
    fc.assert(
      fc.property(labelled, ({ labels, scores }) => {
        const of = (wanted: number) => scores.filter((_, i) => labels[i] === wanted)
        const auc = rocAuc({ labels, scores })
        expect(auc).toBeCloseTo(mannWhitneyTest(of(1), of(0)).superiority, 12)
        expect(delongAuc({ labels, scores }).auc).toBeCloseTo(auc, 12)
        expect(rocAuc({ labels, scores: scores.map((s) => -s) })).toBeCloseTo(1 - auc, 12)
        const { low, high } = aucInterval(delongAuc({ labels, scores }))
        expect(low).toBeLessThanOrEqual(auc + 1e-12)
        expect(high).toBeGreaterThanOrEqual(auc - 1e-12)
        expect(averagePrecision({ labels, scores })).toBeLessThanOrEqual(1 + 1e-12)
      }),
      { numRuns: 200 },
    )
  })

  it('has a curve from the highest threshold to (1, 1)', () => {
    const curve = rocCurve({ labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8] })
    expect(curve[0]).toEqual({ threshold: 0.8, truePositiveRate: 0.5, falsePositiveRate: 0, precision: 1 })
    expect(curve.at(-1)).toMatchObject({ truePositiveRate: 1, falsePositiveRate: 1 })
  })

  it('gives a perfect AUC an interval all the same', () => {
    const perfect = delongAuc({ labels: [0, 0, 0, 1, 1, 1], scores: [1, 2, 3, 4, 5, 6] })
    expect(perfect).toMatchObject({ auc: 1, standardError: 0 })
    const { low, high } = aucInterval(perfect)
    expect(high).toBe(1)
    expect(low).toBeCloseTo(0.025 ** (1 / 3), 12)
    expect(aucInterval({ ...perfect, auc: 0.6, standardError: 0.5 }, 0.95, 'plain')).toEqual({ low: 0, high: 1 })
  })

  it('compares two models on the same rows', () => {
    const labels = [0, 1, 0, 1, 1, 0, 1, 0]
    const first = [0.1, 0.9, 0.3, 0.8, 0.4, 0.2, 0.7, 0.5]
    expect(delongPaired(labels, first, first)).toMatchObject({ difference: 0, pValue: 1 })
    const other = delongPaired(labels, first, [0.5, 0.6, 0.9, 0.1, 0.4, 0.2, 0.7, 0.3])
    expect(other.difference).toBeGreaterThan(0)
    expect(other.pValue).toBeLessThan(1)
    expect(mcnemarTest({ onlyFirst: 8, onlySecond: 1 })).toBeCloseTo(20 / 512, 12)
    expect(mcnemarTest({ onlyFirst: 0, onlySecond: 0 })).toBe(1)
  })

  it('refuses labels and scores that are none', () => {
    expect(() => rocAuc({ labels: [0, 2], scores: [1, 2] })).toThrow(/neither/)
    expect(() => rocAuc({ labels: [0, 1], scores: [1, Number.NaN] })).toThrow(/not a number/)
    expect(() => brierScore({ labels: [0], scores: [1.5] })).toThrow(/probability/)
    expect(() => delongAuc({ labels: [1, 1], scores: [1, 2] })).toThrow(/each class/)
  })
})

describe('calibration', () => {
  it('Murphy: the parts add up where every bin holds one probability', () => {
    const input = { labels: [0, 1, 1, 0, 1, 1, 1, 0], scores: [0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8] }
    const { reliability, resolution, uncertainty } = brierDecomposition(input, 2)
    expect(reliability - resolution + uncertainty).toBeCloseTo(brierScore(input), 12)
    expect(reliabilityTable(input, 2).map((bin) => [bin.count, bin.observedRate])).toEqual([
      [4, 0.5],
      [4, 0.75],
    ])
    expect(expectedCalibrationError(input, 2)).toBeCloseTo((0.3 + 0.05) / 2, 12)
    expect(logLoss({ labels: [1], scores: [0] })).toBeCloseTo(-Math.log(Number.EPSILON), 10)
  })

  it('isotonic regression ascends, keeps the mean and cannot be improved by its own pooling', () => {
    fc.assert(
      fc.property(labelled, ({ labels, scores }) => {
        const map = fitIsotonic(scores, labels)
        expect([...map.value]).toEqual([...map.value].sort((a, b) => a - b))
        const fitted = scores.map((score) => applyIsotonic(map, score))
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
        expect(sum(fitted)).toBeCloseTo(sum(labels), 9)
        expect(expectedCalibrationError({ labels, scores: fitted }, 40)).toBeCloseTo(0, 9)
        expect(applyIsotonic(map, -5)).toBe(map.value[0])
      }),
      { numRuns: 200 },
    )
  })

  it('expected performance is what sure probabilities make certain', () => {
    const sure = estimatePerformance([1, 1, 0, 0, 0])
    expect(sure).toMatchObject({ accuracy: 1, precision: 1, recall: 1, f1: 1, auc: 1 })
    expect(sure.accuracyInterval).toEqual({ low: 1, high: 1 })
    const unsure = estimatePerformance([0.6, 0.6, 0.3])
    expect(unsure.accuracy).toBeCloseTo((0.6 + 0.6 + 0.7) / 3, 12)
    expect(unsure.counts.truePositive).toBeCloseTo(1.2, 12)
    expect(estimatePerformance([0.1]).precision).toBeNull()
    expect(() => estimatePerformance([1.2])).toThrow(/probability/)
  })
})

describe('intervals of expected performance', () => {
  it('hold the estimate, agree with the normal ones for accuracy, and repeat themselves', () => {
    const random = seededRandom(12)
    const probabilities = Array.from({ length: 800 }, () => random() ** 2)
    const estimate = estimatePerformance(probabilities)
    const intervals = performanceIntervals(probabilities, { random: seededRandom(3) })
    expect(performanceIntervals(probabilities, { random: seededRandom(3) })).toEqual(intervals)
    for (const name of ['accuracy', 'precision', 'recall', 'f1', 'auc'] as const) {
      const { low, high } = intervals[name] as { low: number; high: number }
      expect(low).toBeLessThan(estimate[name] as number)
      expect(high).toBeGreaterThan(estimate[name] as number)
    }
    expect(intervals.accuracy?.low).toBeCloseTo(estimate.accuracyInterval.low, 1)
    expect(intervals.accuracy?.high).toBeCloseTo(estimate.accuracyInterval.high, 1)
    expect(performanceIntervals([0.1, 0.2], { random: seededRandom(3) }).precision).toBeNull()
    expect(() => performanceIntervals([2], { random: seededRandom(3) })).toThrow(/probability/)
  })
})

describe('classes', () => {
  const matrix = confusionMatrix(['a', 'a', 'b', 'b', 'b'], ['a', 'b', 'b', 'b', 'c'])

  it('counts and rates per class', () => {
    expect(matrix).toEqual({
      classes: ['a', 'b', 'c'],
      counts: [
        [1, 1, 0],
        [0, 2, 1],
        [0, 0, 0],
      ],
    })
    const metrics = classificationMetrics(matrix)
    expect(metrics.accuracy).toBeCloseTo(0.6, 12)
    expect(metrics.balancedAccuracy).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12)
    expect(metrics.macroF1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12)
    expect(metrics.weightedF1).toBeCloseTo(2 / 3, 12)
    expect(metrics.perClass[2]).toEqual({ label: 'c', support: 0, precision: 0, recall: null, f1: 0 })
    expect(binaryCounts(matrix, 1)).toEqual({ truePositive: 2, falsePositive: 1, falseNegative: 1, trueNegative: 1 })
  })

  it('weighs recall by beta and says nothing of nothing', () => {
    const counts = { truePositive: 2, falsePositive: 4, falseNegative: 1, trueNegative: 0 }
    expect(fBeta(counts, 2)).toBeCloseTo(10 / (10 + 4 + 4), 12)
    expect(fBeta({ truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 5 })).toBeNull()
    expect(() => confusionMatrix(['a'], ['z'], ['a'])).toThrow(/outside/)
    expect(classificationMetrics(confusionMatrix([], [], ['a'])).accuracy).toBeNaN()
  })
})

describe('numbers', () => {
  it('errors of a regression', () => {
    expect(meanAbsoluteError([1, 2, 3], [2, 2, 5])).toBe(1)
    expect(rootMeanSquaredError([1, 2, 3], [2, 2, 5])).toBeCloseTo(Math.sqrt(5 / 3), 14)
    expect(rSquared([1, 2, 3], [1, 2, 3])).toBe(1)
    expect(rSquared([2, 2], [1, 3])).toBeNaN()
    expect(() => meanAbsoluteError([1], [Number.NaN])).toThrow(/not a number/)
  })

  it("Welch's test has the textbook numbers", () => {
    const a = moments([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4])
    const b = moments([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4])
    const result = welchTest(a, b)
    expect(result.pValue).toBeCloseTo(0.021, 3)
    expect(result.degreesOfFreedom).toBeCloseTo(25, 0)
    expect(result.interval.high).toBeLessThan(0)
    expect(welchTest(moments([1, 1]), moments([1, 1])).pValue).toBe(1)
    expect(welchTest(moments([1, 1]), moments([2, 2])).pValue).toBe(0)
    expect(() => moments([Number.POSITIVE_INFINITY])).toThrow(/finite/)
  })

  it('correlations agree with their definitions', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
      minLength: 3,
      maxLength: 20,
    })
    const sign = (v: number) => Math.sign(v)
    fc.assert(
      fc.property(pairs, (rows) => {
        const x = rows.map(([a]) => a)
        const y = rows.map(([, b]) => b)
        let concordance = 0
        let xPairs = 0
        let yPairs = 0
        for (let i = 0; i < x.length; i++) {
          for (let j = 0; j < i; j++) {
            const dx = sign((x[i] as number) - (x[j] as number))
            const dy = sign((y[i] as number) - (y[j] as number))
            concordance += dx * dy
            xPairs += dx * dx
            yPairs += dy * dy
          }
        }
        const tau = kendallCorrelation(x, y)
        if (xPairs * yPairs > 0) expect(tau.coefficient).toBeCloseTo(concordance / Math.sqrt(xPairs * yPairs), 12)
        else expect(tau.coefficient).toBeNaN()
        const cubed = y.map((v) => v ** 3)
        expect(spearmanCorrelation(x, cubed)).toEqual(spearmanCorrelation(x, y))
      }),
      { numRuns: 200 },
    )
    expect(pearsonCorrelation([1, 2, 3, 4], [2, 4, 6, 8])).toEqual({ coefficient: 1, pValue: 0 })
    expect(pearsonCorrelation([1, 2], [2, 1]).pValue).toBeNaN()
    expect(() => spearmanCorrelation([1, 2], [1, Number.NaN])).toThrow(/not a number/)
  })

  it('the bootstrap repeats itself with the same seed and covers a mean', () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => (i * 37) % 61)
    const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length
    const run = (method: 'bca' | 'percentile') =>
      bootstrapInterval(60, mean, { random: seededRandom(7), replicates: 400, method })
    expect(run('bca')).toEqual(run('bca'))
    for (const method of ['bca', 'percentile'] as const) {
      const { estimate, interval, standardError } = run(method)
      expect(interval.low).toBeLessThan(estimate)
      expect(interval.high).toBeGreaterThan(estimate)
      expect(standardError).toBeCloseTo(17.6 / Math.sqrt(60), 0)
    }
    expect(() => bootstrapInterval(1, mean, { random: seededRandom(1) })).toThrow(/n must/)
  })
})

describe('planning', () => {
  it('effective sample size falls with autocorrelation', () => {
    expect(planning.effectiveSampleSize(500, 0.9)).toBeCloseTo(500 * (0.1 / 1.9), 10)
    expect(planning.effectiveSampleSize(500, -0.5)).toBe(500)
    expect(planning.effectiveSampleSize(500, 1)).toBe(1)
    expect(planning.lagOneAutocorrelation([1, -1, 1, -1, 1, -1])).toBeCloseTo(-5 / 6, 12)
    expect(planning.lagOneAutocorrelation([2, 2, 2])).toBe(0)
  })

  it('sample sizes reach the power they promise', () => {
    const target = { alpha: 0.05, power: 0.8 }
    const units = planning.proportionSampleSize({ control: 0.01, treatment: 0.05 }, target)
    expect(planning.proportionPower({ control: 0.01, treatment: 0.05 }, units, 0.05)).toBeCloseTo(0.8, 10)
    const window = planning.ksWindowSize(0.15, 10_000, target)
    const design = { reference: 10_000, alpha: 0.05 }
    expect(planning.ksPower({ ...design, window }, 0.15)).toBeGreaterThanOrEqual(0.8)
    expect(planning.ksPower({ ...design, window: window - 1 }, 0.15)).toBeLessThan(0.8)
    expect(planning.ksWindowSize(1e-4, 100, target)).toBe(Number.POSITIVE_INFINITY)
    const means = { difference: 0.5, treatmentDeviation: 1, controlDeviation: 1 }
    expect(planning.meanSampleSize(means, target)).toBeCloseTo(62.79, 2)
  })

  it('the canary planner has the measured order of magnitude', () => {
    const canary = { unitsPerSecond: 100, share: 0.05, baseRate: 0.01, faultRate: 0.05, alpha: 0.01 }
    const seconds = planning.canarySecondsToRollback(canary)
    expect(seconds).toBeGreaterThan(20)
    expect(seconds).toBeLessThan(40)
    expect(() => planning.canarySecondsToRollback({ ...canary, faultRate: 0.01 })).toThrow(/exceed/)
  })
})
