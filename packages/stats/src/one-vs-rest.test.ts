import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedCalibrationError } from './quality/calibration.ts'
import { type ClassScores, CURVE_STEPS, oneVsRestCurves, topLabelReliability } from './quality/one-vs-rest.ts'
import { averagePrecision, rocAuc } from './quality/roc.ts'
import { MAX_CURVE_CLASSES, reportScores } from './quality/score-report.ts'

type Golden = {
  rows: number
  classes: number
  ties: boolean
  per_class: { auc: number; ap: number; roc: number[]; precision: number[] }[]
  macro_auc: number
  calibration?: { observed: number[]; mean: number[] }
}
const golden = JSON.parse(readFileSync(new URL('../reference/one-vs-rest.json', import.meta.url), 'utf8')) as {
  cases: Golden[]
}

/** The inputs as the golden file describes them. */
function inputOf({ rows, classes, ties }: Golden): ClassScores {
  const truth = Array.from({ length: rows }, (_, i) => ((i * 7919) % 101) % classes)
  const scores = truth.flatMap((label, i) => {
    const raw = Array.from({ length: classes }, (_, c) => {
      const value = (((i * 31 + c * 17 + 1) * 7907) % 1009) / 1009 + (label === c ? 0.6 : 0) + 0.05
      return ties ? (Math.floor(value * 8) + 1) / 8 : value
    })
    const total = raw.reduce((sum, value) => sum + value, 0)
    return raw.map((value) => value / total)
  })
  return { truth, scores, classes }
}

const everyTenth = (curve: readonly number[]) => curve.filter((_, step) => step % 10 === 0)
const expectAlike = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i] as number, 12)
}

describe('one class against the rest', () => {
  it.each(golden.cases)('is what scikit-learn says of $rows rows of $classes classes, ties $ties', (row) => {
    const { perClass, macro } = oneVsRestCurves(inputOf(row))
    row.per_class.forEach((expected, label) => {
      const curves = perClass[label]
      expect(curves?.auc).toBeCloseTo(expected.auc, 12)
      expect(curves?.averagePrecision).toBeCloseTo(expected.ap, 12)
      expectAlike(everyTenth(curves?.roc ?? []), expected.roc)
      expectAlike(everyTenth(curves?.precision ?? []), expected.precision)
    })
    expect(macro?.auc).toBeCloseTo(row.macro_auc, 12)
  })

  it('has 101 steps that rise to one, and areas that agree with the curves of two classes', () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 })), { minLength: 2, maxLength: 50 })
    const property = fc.property(rows, (drawn) => {
      const labels = drawn.map(([isPositive]) => Number(isPositive))
      const scores = drawn.map(([, score]) => score / 12)
      fc.pre(labels.includes(0) && labels.includes(1))
      const input = { truth: labels, scores: scores.flatMap((score) => [1 - score, score]), classes: 2 }
      const [, curves] = oneVsRestCurves(input).perClass
      expect(curves?.auc).toBeCloseTo(rocAuc({ labels, scores }), 12)
      expect(curves?.averagePrecision).toBeCloseTo(averagePrecision({ labels, scores }), 12)
      const roc = curves?.roc ?? []
      expect(roc).toHaveLength(CURVE_STEPS + 1)
      expect(roc.at(-1)).toBe(1)
      expect(roc.every((value, i) => value >= (roc[i - 1] ?? 0))).toBe(true)
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('leaves out a class that has no row, and says nothing where one class has all', () => {
    const scores = [0.7, 0.2, 0.1, 0.3, 0.6, 0.1]
    const { perClass, macro } = oneVsRestCurves({ truth: [0, 1], scores, classes: 3 })
    expect(perClass.map((curves) => curves?.auc ?? null)).toEqual([1, 1, null])
    expect(macro).toMatchObject({ auc: 1, averagePrecision: 1 })
    expect(oneVsRestCurves({ truth: [0, 0], scores, classes: 3 }).macro).toBeNull()
  })
})

describe('the reliability of the answer that is given', () => {
  it.each(golden.cases.filter(({ calibration }) => calibration))('is that of $rows rows by quantiles', (row) => {
    const table = topLabelReliability(inputOf(row))
    const { observed = [], mean = [] } = row.calibration ?? {}
    expectAlike(
      table.map((bin) => bin.observedRate),
      observed,
    )
    expectAlike(
      table.map((bin) => bin.meanProbability),
      mean,
    )
  })

  it('keeps equal probabilities in one bin and counts every row', () => {
    const table = topLabelReliability({
      truth: [0, 1, 0, 1],
      scores: [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.4, 0.6],
      classes: 2,
    })
    expect(table).toEqual([
      { from: 0.6, to: 0.6, count: 1, meanProbability: 0.6, observedRate: 1 },
      {
        from: 0.9,
        to: 0.9,
        count: 3,
        meanProbability: expect.closeTo(0.9, 12),
        observedRate: expect.closeTo(2 / 3, 12),
      },
    ])
    expect(expectedCalibrationError({ labels: [1, 0], scores: [1, 0] })).toBe(0)
  })
})

describe('what a report keeps', () => {
  it('is taken from an even sample of very many rows', () => {
    const rows = 600_000
    const truth = Int32Array.from({ length: rows }, (_, row) => (row % 3) & 1)
    const probabilities = new Float64Array(rows * 2).fill(0.5)
    const { curves, calibration } = reportScores({ classes: ['a', 'b'], truth, probabilities })
    expect(curves?.macro.auc).toBe(0.5)
    expect(calibration.bins).toMatchObject([{ count: rows / 2, observedRate: expect.closeTo(2 / 3, 3) }])
  })

  it('is the worst twenty of many classes, in their order, and nothing that grows with the rows', () => {
    const classes = Array.from({ length: 30 }, (_, place) => `c${place}`)
    const truth = Array.from({ length: 600 }, (_, i) => i % 30)
    // The lower its number, the more a class is mistaken for its neighbour.
    const probabilities = truth.flatMap((label, i) => {
      const sure = (i * 7919) % 30 < label ? 0.9 : 0.05
      return classes.map((_, place) => {
        if (place === label) return sure
        return place === (label + 1) % 30 ? 0.95 - sure : 0.05 / 28
      })
    })
    const { curves, calibration } = reportScores({ classes, truth, probabilities })
    expect(curves?.perClass).toHaveLength(MAX_CURVE_CLASSES)
    const labels = curves?.perClass.map(({ label }) => classes.indexOf(label)) ?? []
    expect(labels).toEqual(labels.toSorted((a, b) => a - b))
    expect(labels).toContain(0)
    expect(labels).not.toContain(29)
    expect(JSON.stringify(curves).length).toBeLessThan(50_000)
    expect(calibration.bins.length).toBeLessThanOrEqual(10)
    expect(calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(600)
    expect(calibration.ece).toBeGreaterThan(0.05)
  })
})
