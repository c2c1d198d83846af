import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KsOptions, type KsResult, ksAsymptoticPValue, ksExactPValue, ksTest, ksTestAgainst } from './ks.ts'
import { equalSizesTwoSided } from './ks-exact.ts'
import { isSignificant } from './multiplicity.ts'
import { census, StatisticsError, withoutNaN } from './sample.ts'
import { sortedReference } from './sorted-reference.ts'

/** Values that tie often, with every special number that may arise. */
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -70),
)
const sample = fc.array(value, { minLength: 1, maxLength: 40 })
const options = fc.record({
  alternative: fc.constantFrom('two-sided' as const, 'less' as const, 'greater' as const),
  method: fc.constantFrom('auto' as const, 'exact' as const, 'asymptotic' as const, 'best' as const),
  ties: fc.boolean(),
})

const MIRRORED = { 'two-sided': 'two-sided', less: 'greater', greater: 'less' } as const

/** -0 and 0 are one location. */
const unsigned = (result: KsResult): KsResult => ({ ...result, location: result.location + 0 })

/** Every interleaving of two samples whose pooled order is given, as how often D is reached: the definition itself. */
function bruteForce(
  x: readonly number[],
  y: readonly number[],
  statistic: (a: number[], b: number[]) => number,
): number {
  const pooled = [...x, ...y]
  const observed = statistic([...x], [...y])
  let all = 0
  let reached = 0
  for (let mask = 0; mask < 2 ** pooled.length; mask++) {
    const first = pooled.filter((_, i) => (mask >> i) & 1)
    if (first.length !== x.length) continue
    const second = pooled.filter((_, i) => !((mask >> i) & 1))
    all += 1
    if (statistic(first, second) >= observed - 1e-12) reached += 1
  }
  return reached / all
}

/** Schroeer & Trenkler's recursion over the whole lattice, outside only where a block of equal values ends. */
function latticeWithTies(x: number[], y: number[], at: { distance: number; twoSided: boolean }): number {
  const pooled = [...x, ...y].sort((a, b) => a - b)
  const ends = pooled.map((v, s) => s + 1 === pooled.length || pooled[s + 1] !== v)
  const row = new Float64Array(y.length + 1)
  for (let i = 0; i <= x.length; i++) {
    let left = 0
    for (let j = 0; j <= y.length; j++) {
      const gap = i / x.length - j / y.length
      const far = gap >= at.distance - 1e-9 || (at.twoSided && -gap >= at.distance - 1e-9)
      if (far && (i + j === 0 || ends[i + j - 1])) left = 1
      else if (i + j > 0) left = (i * (row[j] as number) + j * left) / (i + j)
      row[j] = left
    }
  }
  return row[y.length] as number
}

describe('the Kolmogorov-Smirnov test', () => {
  it('has D and p within [0, 1], whatever the input', () => {
    fc.assert(
      fc.property(sample, sample, options, (x, y, chosen) => {
        const { statistic, pValue, method } = ksTest(x, y, chosen)
        expect(statistic).toBeGreaterThanOrEqual(0)
        expect(statistic).toBeLessThanOrEqual(1)
        const undefinedSize = method === 'asymptotic' && (x.length * y.length) / (x.length + y.length) <= 0.5
        if (!undefinedSize) expect(pValue >= 0 && pValue <= 1).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('is symmetric: swapping the samples mirrors the alternative', () => {
    fc.assert(
      fc.property(sample, sample, options, (x, y, chosen) => {
        const forth = ksTest(x, y, chosen)
        const back = ksTest(y, x, { ...chosen, alternative: MIRRORED[chosen.alternative] })
        expect(back.statistic).toBeCloseTo(forth.statistic, 14)
        if (!Number.isNaN(forth.pValue)) expect(back.pValue).toBeCloseTo(forth.pValue, 12)
      }),
      { numRuns: 300 },
    )
  })

  it('does not change under increasing maps', () => {
    const integers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(integers, integers, options, (x, y, chosen) => {
        const map = (v: number) => v ** 3 + 1000 * v
        const mapped = ksTest(x.map(map), y.map(map), chosen)
        const plain = ksTest(x, y, chosen)
        expect({ ...mapped, location: 0 }).toEqual({ ...plain, location: 0 })
        expect(mapped.location).toBe(map(plain.location))
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same answer against a prepared reference', () => {
    fc.assert(
      fc.property(sample, sample, options, (x, y, chosen) => {
        expect(unsigned(ksTestAgainst(sortedReference(x), y, chosen))).toEqual(unsigned(ksTest(x, y, chosen)))
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same answer where the reference is much larger than the window', () => {
    const long = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 300, maxLength: 400 })
    fc.assert(
      fc.property(long, fc.array(fc.integer({ min: -5, max: 2005 }), { minLength: 1, maxLength: 8 }), (x, y) => {
        expect(ksTestAgainst(sortedReference(x), y)).toEqual(ksTest(x, y))
      }),
      { numRuns: 100 },
    )
  })

  it('counts what brute force counts, with and without ties', () => {
    const small = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(small, small, fc.constantFrom('two-sided' as const, 'greater' as const), (x, y, alternative) => {
        const statistic = (a: number[], b: number[]) => ksTest(a, b, { alternative, method: 'asymptotic' }).statistic
        const aware = ksTest(x, y, { alternative, method: 'exact', ties: true }).pValue
        expect(aware).toBeCloseTo(bruteForce(x, y, statistic), 12)
        const distinctX = x.map((v, i) => v + i * 1e-3)
        const distinctY = y.map((v, i) => v + i * 1e-3 + 5e-4)
        const plain = ksTest(distinctX, distinctY, { alternative, method: 'exact' }).pValue
        expect(plain).toBeCloseTo(bruteForce(distinctX, distinctY, statistic), 12)
      }),
      { numRuns: 60 },
    )
  })

  it('jumps over large blocks of ties as the plain lattice walks through them', () => {
    const levels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 90 })
    fc.assert(
      fc.property(levels, levels, fc.constantFrom('two-sided' as const, 'greater' as const), (x, y, alternative) => {
        const { statistic, pValue } = ksTest(x, y, { alternative, method: 'exact', ties: true })
        const expected = latticeWithTies(x, y, { distance: statistic, twoSided: alternative === 'two-sided' })
        expect(Math.abs(pValue - expected)).toBeLessThanOrEqual(1e-11 * expected)
      }),
      { numRuns: 80 },
    )
  })

  it('never lets ties raise the p-value', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const aware = ksTest(x, y, { method: 'exact', ties: true }).pValue
        expect(aware).toBeLessThanOrEqual(ksTest(x, y, { method: 'exact' }).pValue + 1e-12)
      }),
      { numRuns: 200 },
    )
  })

  it('falls with the distance', () => {
    const sizes = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(sizes, sizes, fc.double({ min: 0, max: 1, noNaN: true }), (n1, n2, d) => {
        const at = (distance: number) => ksExactPValue({ distance, n1, n2, alternative: 'two-sided' })
        expect(at(Math.min(1, d + 0.1))).toBeLessThanOrEqual(at(d) + 1e-12)
      }),
      { numRuns: 200 },
    )
  })

  it('agrees between the exact and the asymptotic law where sizes are large and coprime', () => {
    const observed = { distance: 0.03, n1: 3001, n2: 2503, alternative: 'two-sided' as const }
    const exact = ksExactPValue(observed)
    expect(ksAsymptoticPValue(observed) / exact).toBeGreaterThan(0.97)
    expect(ksAsymptoticPValue(observed) / exact).toBeLessThan(1.05)
  })

  it('is exact for equal sizes of any length, by the saddle point as by products', () => {
    const n = 80_000_000
    const at = (h: number) => equalSizesTwoSided(n, h)
    expect(at(19_999) / at(20_000)).toBeCloseTo(at(20_001) / at(20_002), 6)
    expect(at(20_000) / at(20_001)).toBeCloseTo(at(20_001) / at(20_002), 6)
    const observed = { n1: 200_000, n2: 200_000, distance: 0.0043, alternative: 'two-sided' as const }
    expect(ksExactPValue(observed) / ksAsymptoticPValue(observed)).toBeCloseTo(1, 1)
  })
})

describe('inputs as they come', () => {
  const undefinedCases: [string, number[], number[], string][] = [
    ['an empty reference', [], [1], 'empty'],
    ['an empty window', [1], [], 'empty'],
    ['a NaN in the reference', [1, Number.NaN], [1], 'not-a-number'],
    ['a NaN in the window', [1], [Number.NaN, 2], 'not-a-number'],
  ]
  it.each(undefinedCases)('%s is undefined, with its reason', (_name, x, y, reason) => {
    const result = ksTest(x, y)
    expect(result).toMatchObject({ method: 'undefined', reason })
    expect(Number.isNaN(result.pValue)).toBe(true)
    expect(() => isSignificant(result.pValue, 0.05)).toThrow(StatisticsError)
    if (x.length > 0 && reason !== 'empty' && !Number.isNaN(x[1])) {
      expect(ksTestAgainst(sortedReference(x), y)).toEqual(result)
    }
  })

  it('a reference that is no reference is refused', () => {
    expect(() => sortedReference([])).toThrow(/empty/)
    expect(() => sortedReference([1, Number.NaN])).toThrow(/NaN/)
  })

  it('constants: the same one is no drift, another one is full drift', () => {
    const constant = (v: number) => new Array<number>(30).fill(v)
    const options: KsOptions = { method: 'exact', ties: true }
    expect(ksTest(constant(7), constant(7), options)).toMatchObject({ statistic: 0, pValue: 1 })
    const apart = ksTest(constant(7), constant(8), options)
    expect(apart.statistic).toBe(1)
    expect(apart.pValue).toBeLessThan(1e-16)
  })

  it('-0 ties with 0, infinities are the outermost values, denormals are told apart', () => {
    expect(ksTest([-0, -0], [0, 0]).statistic).toBe(0)
    const infinity = Number.POSITIVE_INFINITY
    expect(ksTest([-infinity, 1, infinity], [-infinity, 1, infinity]).statistic).toBe(0)
    expect(ksTest([infinity], [1e308]).statistic).toBe(1)
    expect(ksTest([5e-324], [0]).statistic).toBe(1)
  })

  it('takes plain and typed arrays alike', () => {
    const x = [1, 5, 2, 8]
    const y = [3, 3, 9]
    const expected = ksTest(x, y)
    expect(ksTest(Float32Array.from(x), Int16Array.from(y))).toEqual(expected)
    expect(ksTestAgainst(sortedReference(x, { precision: 'float32' }), Float32Array.from(y))).toEqual(expected)
  })

  it('counts what a sample holds before a test is made of it', () => {
    const mixed = [1, Number.NaN, Number.POSITIVE_INFINITY, 1, -0, 0]
    expect(census(mixed)).toEqual({ count: 6, nan: 1, infinite: 1, distinct: 3 })
    expect([...withoutNaN(mixed)]).toEqual([1, Number.POSITIVE_INFINITY, 1, -0, 0])
  })
})
