import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binFinder, countSlots, slotOf } from './bin-finder.ts'
import { distanceBounds, emptyWindow, histogramCounter, mergeWindows, subtractWindow } from './histogram-window.ts'
import { ksTest, ksTestAgainst } from './ks.ts'
import { seededRandom } from './quality/bootstrap.ts'
import { lowerBound, quantileBins } from './quantile-bins.ts'
import { SlidingWindow } from './sliding-window.ts'
import { sortedFloat64 } from './sort.ts'
import { empiricalCdf, sortedReference } from './sorted-reference.ts'
import { draw, normals } from './testing/random.ts'

const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -6, max: 6 }) },
  { weight: 4, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -1, 1e9, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
)
const sample = fc.array(value, { minLength: 1, maxLength: 120 })

function counted(reference: readonly number[], window: readonly number[], binCount: number) {
  const bins = quantileBins(sortedFloat64(reference), binCount)
  const counter = histogramCounter(bins)
  const result = emptyWindow(bins)
  counter.add(result, window)
  return { bins, counter, window: result }
}

describe('the mergeable histogram', () => {
  it('bounds always contain the exact distance', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 1, max: 64 }), (reference, current, binCount) => {
        const { bins, window } = counted(reference, current, binCount)
        const { low, high } = distanceBounds(bins, window)
        const exact = ksTest(reference, current, { method: 'asymptotic' }).statistic
        expect(low).toBeLessThanOrEqual(exact + 1e-12)
        expect(high).toBeGreaterThanOrEqual(exact - 1e-12)
      }),
      { numRuns: 2000 },
    )
  })

  it('bounds are about 1/K wide on continuous data and meet on few levels', () => {
    const next = normals(seededRandom(5))
    const { bins, window } = counted([...draw(20_000, next)], [...draw(20_000, next)], 1024)
    const { low, high } = distanceBounds(bins, window)
    expect(high - low).toBeLessThan(2 / 1024)
    const levels = counted([1, 1, 2, 3, 3, 3], [1, 2, 2, 3], 1024)
    const met = distanceBounds(levels.bins, levels.window)
    expect(met.high).toBeCloseTo(met.low, 14)
  })

  it('is not blinded by one far outlier in the reference', () => {
    const next = normals(seededRandom(6))
    const reference = [...draw(5000, next), 1e9]
    const current = [...draw(5000, () => next() + 0.5)]
    const { bins, window } = counted(reference, current, 1024)
    expect(distanceBounds(bins, window).low).toBeGreaterThan(0.17)
  })

  it('merges by addition: two windows are one window over both data', () => {
    fc.assert(
      fc.property(sample, sample, sample, (reference, a, b) => {
        const { bins, counter, window } = counted(reference, a, 32)
        const second = emptyWindow(bins)
        counter.add(second, b)
        const together = emptyWindow(bins)
        counter.add(together, [...a, ...b])
        const merged = mergeWindows(window, second)
        expect(merged).toEqual(together)
        expect(mergeWindows(second, window)).toEqual(merged)
        expect(subtractWindow(merged, second)).toEqual(window)
      }),
      { numRuns: 200 },
    )
  })

  it('counts NaN apart and has no distance for a window without values', () => {
    const { bins, window } = counted([1, 2, 3], [Number.NaN, Number.NaN], 8)
    expect(window).toMatchObject({ total: 0, nan: 2 })
    expect(Number.isNaN(distanceBounds(bins, window).low)).toBe(true)
  })

  it('refuses windows of other bins, and a reference that is none', () => {
    const { bins, window } = counted([1, 2, 3], [1], 8)
    expect(() => distanceBounds(quantileBins([1]), window)).toThrow(/other bins/)
    expect(() => mergeWindows(window, emptyWindow(quantileBins([1])))).toThrow(/different bins/)
    expect(() => subtractWindow(emptyWindow(bins), window)).toThrow(/does not/)
    expect(() => quantileBins([])).toThrow(/empty/)
    expect(() => quantileBins([1, Number.NaN])).toThrow(/NaN/)
    expect(() => quantileBins([1], 0)).toThrow(/binCount/)
  })
})

describe('the bin finder', () => {
  it('finds the place that a plain search finds, for data of any shape', () => {
    const shaped = fc.oneof(
      fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.array(fc.double({ min: 0, max: 30, noNaN: true }).map(Math.exp), { minLength: 200, maxLength: 300 }),
      fc.array(fc.double({ min: 1000, max: 1001, noNaN: true }), { minLength: 200, maxLength: 300 }),
    )
    fc.assert(
      fc.property(shaped, fc.array(value, { maxLength: 20 }), (values, probes) => {
        const edges = Float64Array.from(new Set(values)).sort()
        const finder = binFinder(edges)
        const asked = [...probes, ...values, ...values.map((v) => v * (1 + 1e-12))]
        const expected = new Int32Array(2 * edges.length + 1)
        for (const v of asked) {
          const edge = lowerBound(edges, v)
          const slot = edge < edges.length && edges[edge] === v ? 2 * edge + 1 : 2 * edge
          expected[slot] = (expected[slot] as number) + 1
          expect(slotOf(finder, v)).toBe(slot)
        }
        const slots = new Int32Array(expected.length)
        expect(countSlots(finder, asked, slots)).toBe(0)
        expect(slots).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  it('finds the same distance where the tables outgrow the cache', () => {
    const next = normals(seededRandom(17))
    const reference = draw(140_000, next)
    const window = draw(135_000, () => next() * 1.01)
    const options = { method: 'asymptotic' } as const
    expect(ksTestAgainst(sortedReference(reference), window, options)).toEqual(ksTest(reference, window, options))
    window[7] = Number.NaN
    expect(ksTestAgainst(sortedReference(reference), window).reason).toBe('not-a-number')
  })

  it('takes the logarithmic guide for skewed data and the linear one else', () => {
    const next = normals(seededRandom(1))
    expect(binFinder(draw(2000, () => Math.exp(3 * next())).sort()).kind).toBe('logarithmic')
    expect(binFinder(draw(2000, next).sort()).kind).toBe('linear')
  })
})

describe('the sliding window', () => {
  it('has the distance of its last values at every moment', () => {
    const stream = fc.array(fc.oneof(value, fc.constant(Number.NaN)), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(sample, stream, fc.integer({ min: 1, max: 25 }), (reference, values, capacity) => {
        const window = new SlidingWindow(sortedReference(reference), capacity)
        const kept: number[] = []
        for (const next of values) {
          window.push(next)
          if (!Number.isNaN(next)) kept.push(next)
          if (kept.length > capacity) kept.shift()
          expect(window.size).toBe(kept.length)
          const expected = ksTest(reference, kept, { method: 'asymptotic' }).statistic
          if (kept.length === 0) expect(window.distance()).toBeNaN()
          else expect(window.distance()).toBeCloseTo(expected, 13)
        }
        expect(window.nanCount).toBe(values.filter(Number.isNaN).length)
      }),
      { numRuns: 150 },
    )
  })

  it('refuses a capacity that is none', () => {
    expect(() => new SlidingWindow(sortedReference([1]), 0)).toThrow(/capacity/)
  })
})

describe('the empirical distribution function', () => {
  it('is the share up to a value', () => {
    const reference = sortedReference([3, 1, 3, 2])
    const at = [0, 1, 1.5, 3, 9].map((v) => empiricalCdf(reference, v))
    expect(at).toEqual([0, 0.25, 0.25, 1, 1])
    expect(Number.isNaN(empiricalCdf(reference, Number.NaN))).toBe(true)
  })
})
