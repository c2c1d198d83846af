import { describe, expect, it } from 'vitest'
import { compareClasses, compareFeature, effectiveRows } from './compare.ts'

const ramp = (n: number, shift = 0) =>
  Float64Array.from({ length: n }, (_, i) => shift + ((i * 0.6180339887498949) % 1))
const ascending = (n: number) => ramp(n).sort()

describe('compareFeature', () => {
  it('finds nothing where nothing changed', () => {
    const { comparison, shape } = compareFeature({
      feature: 'x',
      reference: ascending(600),
      referenceMissing: 0,
      current: [...ramp(400)],
    })
    expect(comparison.effect).toBeLessThan(0.05)
    expect(comparison.p).toBeGreaterThan(0.2)
    expect(shape.reference.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  })

  it('finds a shift, and says how large it is', () => {
    const { comparison } = compareFeature({
      feature: 'x',
      reference: ascending(600),
      referenceMissing: 0,
      current: [...ramp(400, 0.5)],
    })
    expect(comparison.effect).toBeCloseTo(0.5, 1)
    expect(comparison.p).toBeLessThan(1e-20)
    expect(comparison.wassersteinSd).toBeGreaterThan(1)
  })

  it('never turns an empty window into an answer', () => {
    const { comparison } = compareFeature({ feature: 'x', reference: ascending(600), referenceMissing: 0, current: [] })
    expect(comparison.p).toBeNaN()
    expect(comparison.effect).toBeNaN()
  })

  it('tests missing values on their own', () => {
    const current = [...ramp(400)].map((value, index) => (index % 4 === 0 ? null : value))
    const { comparison } = compareFeature({ feature: 'x', reference: ascending(600), referenceMissing: 0, current })
    expect(comparison.currentMissing).toBeCloseTo(0.25)
    expect(comparison.missingP).toBeLessThan(1e-10)
  })

  it('counts rows that repeat their neighbour as fewer', () => {
    const slow = Float64Array.from({ length: 500 }, (_, index) => Math.sin(index / 40))
    expect(effectiveRows(slow)).toBeLessThan(20)
    expect(effectiveRows(ramp(500))).toBe(500)
    expect(effectiveRows(new Float64Array(500))).toBe(500)
    expect(effectiveRows(Float64Array.of(1, 2))).toBe(2)
  })

  it('is not misled by a shift in the middle of the window', () => {
    const shifted = ramp(800).map((value, index) => (index < 400 ? value : value + 10))
    expect(effectiveRows(shifted)).toBe(800)
  })

  it('finds the size that an autoregressive series is worth', () => {
    let state = 1
    const noise = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647 - 0.5
    }
    for (const phi of [0.5, 0.9]) {
      let at = 0
      const series = Float64Array.from({ length: 5000 }, () => {
        at = phi * at + noise()
        return at
      })
      const expected = (5000 * (1 - phi)) / (1 + phi)
      expect(effectiveRows(series) / expected).toBeGreaterThan(0.7)
      expect(effectiveRows(series) / expected).toBeLessThan(1.4)
    }
  })
})

describe('compareClasses', () => {
  const labels = (...counts: number[]) => counts.flatMap((count, index) => new Array<string>(count).fill(String(index)))
  it('compares shares of classes and survives a class nobody predicted', () => {
    const classes = ['0', '1', '2']
    const same = compareClasses({
      feature: 'prediction',
      classes,
      reference: labels(100, 100, 0),
      current: labels(51, 49, 0),
    })
    expect(same.comparison.p).toBeGreaterThan(0.5)
    const other = compareClasses({
      feature: 'prediction',
      classes,
      reference: labels(100, 100, 100),
      current: labels(300, 1, 1),
    })
    expect(other.comparison.p).toBeLessThan(1e-20)
    expect(other.comparison.effect).toBeGreaterThan(0.3)
    expect(
      compareClasses({ feature: 'prediction', classes, reference: labels(10, 10), current: [] }).comparison.p,
    ).toBeNaN()
  })
})
