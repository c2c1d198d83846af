import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquareContingency, chiSquareGoodnessOfFit, fisherExact, poolRareLevels } from './contingency.ts'
import { cramerVonMisesTest } from './cramer-von-mises.ts'
import * as divergence from './divergence.ts'
import { mannWhitneyTest } from './mann-whitney.ts'
import { adjustPValues, levelPerWindow } from './multiplicity.ts'
import { binomialTest, clopperPearsonInterval, twoProportionTest, wilsonInterval } from './proportions.ts'
import * as wasserstein from './wasserstein.ts'

const count = fc.integer({ min: 0, max: 60 })
const sample = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 15 })
const shares = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 })
  .filter((s) => s.some((v) => v > 0))

describe('tables of counts', () => {
  it('chi-square does not depend on the order of rows and columns, and p lies in [0, 1]', () => {
    fc.assert(
      fc.property(
        fc.array(count, { minLength: 3, maxLength: 3 }),
        fc.array(count, { minLength: 3, maxLength: 3 }),
        (a, b) => {
          const forth = chiSquareContingency([a, b])
          const back = chiSquareContingency([[...b].reverse(), [...a].reverse()])
          expect(back.statistic).toBeCloseTo(forth.statistic, 9)
          expect(forth.pValue >= 0 && forth.pValue <= 1).toBe(true)
          const g = chiSquareContingency([a, b], { statistic: 'g' })
          expect(g.statistic).toBeGreaterThanOrEqual(-1e-9)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves empty levels out, and has nothing to say of a single level', () => {
    expect(
      chiSquareContingency([
        [10, 0, 20],
        [20, 0, 10],
      ]),
    ).toEqual(
      chiSquareContingency([
        [10, 20],
        [20, 10],
      ]),
    )
    expect(chiSquareContingency([[5], [7]])).toMatchObject({ degreesOfFreedom: 0, pValue: 1 })
    expect(() => chiSquareContingency([[1, 2], [1]])).toThrow(/same length/)
    expect(() =>
      chiSquareContingency([
        [1, Number.NaN],
        [1, 2],
      ]),
    ).toThrow(/finite/)
  })

  it('pools levels that are too rare to expect five of', () => {
    expect(
      poolRareLevels([
        [100, 2, 1],
        [90, 0, 3],
      ]),
    ).toEqual([
      [100, 3],
      [90, 3],
    ])
    expect(
      poolRareLevels([
        [50, 50],
        [40, 60],
      ]),
    ).toEqual([
      [50, 50],
      [40, 60],
    ])
  })

  it('goodness of fit refuses shares that are not positive', () => {
    expect(() => chiSquareGoodnessOfFit([1, 2], [1, 0])).toThrow(/positive/)
    expect(chiSquareGoodnessOfFit([0, 0], [1, 1]).pValue).toBe(1)
  })

  it("Fisher's two tails share the observed table", () => {
    const table = fc.tuple(fc.tuple(count, count), fc.tuple(count, count))
    fc.assert(
      fc.property(table, (t) => {
        const [greater, less, both] = [fisherExact(t, 'greater'), fisherExact(t, 'less'), fisherExact(t)]
        expect(greater + less).toBeGreaterThanOrEqual(1 - 1e-9)
        expect(both).toBeGreaterThanOrEqual(Math.min(greater, less) - 1e-12)
        expect(both).toBeLessThanOrEqual(1)
        expect(fisherExact([t[1], t[0]], 'less')).toBeCloseTo(greater, 11)
      }),
      { numRuns: 200 },
    )
    expect(() =>
      fisherExact([
        [1, 2],
        [0.5, 1],
      ]),
    ).toThrow(/not a count/)
  })
})

describe('proportions', () => {
  it('intervals hold the estimate and lie in [0, 1]; Clopper-Pearson is the wider', () => {
    const proportion = fc.integer({ min: 1, max: 400 }).chain((total) => {
      return fc.integer({ min: 0, max: total }).map((successes) => ({ successes, total }))
    })
    fc.assert(
      fc.property(proportion, (p) => {
        const estimate = p.successes / p.total
        for (const interval of [wilsonInterval(p), wilsonInterval(p, 0.95, true), clopperPearsonInterval(p)]) {
          expect(interval.low).toBeGreaterThanOrEqual(0)
          expect(interval.low).toBeLessThanOrEqual(estimate + 1e-12)
          expect(interval.high).toBeGreaterThanOrEqual(estimate - 1e-12)
          expect(interval.high).toBeLessThanOrEqual(1)
        }
        expect(binomialTest(p, 0.5)).toBeLessThanOrEqual(1)
        expect(binomialTest(p, 0.5, 'less') + binomialTest(p, 0.5, 'greater')).toBeGreaterThanOrEqual(1 - 1e-12)
      }),
      { numRuns: 200 },
    )
  })

  it('the z test is the chi-square test of the 2 x 2 table', () => {
    const result = twoProportionTest({ successes: 30, total: 100 }, { successes: 45, total: 120 })
    const table = chiSquareContingency([
      [30, 70],
      [45, 75],
    ])
    expect(result.z ** 2).toBeCloseTo(table.statistic, 12)
    expect(result.pValue).toBeCloseTo(table.pValue, 12)
    expect(result.interval.low).toBeLessThan(result.difference)
    expect(result.interval.high).toBeGreaterThan(result.difference)
    const same = twoProportionTest({ successes: 0, total: 9 }, { successes: 0, total: 5 }, { alternative: 'greater' })
    expect(same).toMatchObject({ z: 0, pValue: 1 })
    const less = twoProportionTest(
      { successes: 30, total: 100 },
      { successes: 45, total: 120 },
      { alternative: 'less' },
    )
    expect(less.pValue).toBeCloseTo(result.pValue / 2, 12)
  })

  it('refuses what is no proportion', () => {
    expect(() => wilsonInterval({ successes: 3, total: 2 })).toThrow(/exceed/)
    expect(() => wilsonInterval({ successes: 1, total: 2 }, 1)).toThrow(/confidence/)
    expect(() => binomialTest({ successes: 1, total: 2 }, 2)).toThrow(/p0/)
  })
})

describe('corrections for many tests', () => {
  it('stand in their order of strictness and keep the order of the p-values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (p) => {
        const [none, bh, by] = [
          adjustPValues(p, 'none'),
          adjustPValues(p, 'benjamini-hochberg'),
          adjustPValues(p, 'benjamini-yekutieli'),
        ]
        const [holm, bonferroni] = [adjustPValues(p, 'holm'), adjustPValues(p, 'bonferroni')]
        p.forEach((_, i) => {
          expect(none[i]).toBeLessThanOrEqual((bh[i] as number) + 1e-12)
          expect(bh[i]).toBeLessThanOrEqual((holm[i] as number) + 1e-12)
          expect(bh[i]).toBeLessThanOrEqual((by[i] as number) + 1e-12)
          expect(holm[i]).toBeLessThanOrEqual((bonferroni[i] as number) + 1e-12)
        })
        const order = [...p.keys()].sort((a, b) => (p[a] as number) - (p[b] as number))
        const inOrder = order.map((i) => holm[i] as number)
        expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
      }),
      { numRuns: 200 },
    )
  })

  it('throws on an undefined test instead of passing it', () => {
    expect(() => adjustPValues([0.1, Number.NaN], 'holm')).toThrow(/p-value/)
  })

  it('turns a budget of false alarms into a level', () => {
    expect(levelPerWindow({ falseAlarmsPerMonth: 1, windowHours: 1 })).toBeCloseTo(1 / 720, 15)
    expect(levelPerWindow({ falseAlarmsPerMonth: 1, windowHours: 24, share: 0.25 })).toBeCloseTo(1 / 120, 15)
    expect(() => levelPerWindow({ falseAlarmsPerMonth: 0, windowHours: 1 })).toThrow(/falseAlarms/)
  })
})

describe('rank tests', () => {
  it('are symmetric, with p in [0, 1]', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const forth = mannWhitneyTest(x, y)
        const back = mannWhitneyTest(y, x)
        expect(forth.pValue).toBeCloseTo(back.pValue, 12)
        expect(forth.superiority + back.superiority).toBeCloseTo(1, 12)
        const cvm = cramerVonMisesTest(x, y)
        expect(cramerVonMisesTest(y, x).statistic).toBeCloseTo(cvm.statistic, 10)
        for (const p of [forth.pValue, cvm.pValue]) expect(p >= 0 && p <= 1).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('have the exact law of all arrangements', () => {
    expect(mannWhitneyTest([1, 2, 3], [4, 5, 6], { alternative: 'less' }).pValue).toBeCloseTo(1 / 20, 14)
    expect(mannWhitneyTest([4, 5, 6], [1, 2, 3], { alternative: 'less' }).pValue).toBe(1)
    expect(cramerVonMisesTest([1, 2, 3], [4, 5, 6]).pValue).toBeCloseTo(2 / 20, 14)
  })

  it('are undefined without data', () => {
    expect(mannWhitneyTest([], [1]).method).toBe('undefined')
    expect(cramerVonMisesTest([1], [Number.NaN])).toMatchObject({ method: 'undefined', pValue: Number.NaN })
  })
})

describe('distances', () => {
  it('Wasserstein is a metric that moves with the units', () => {
    fc.assert(
      fc.property(sample, sample, sample, fc.integer({ min: -9, max: 9 }), (x, y, z, shift) => {
        const w = wasserstein.wassersteinDistance
        expect(w(x, x)).toBe(0)
        expect(w(x, y)).toBeCloseTo(w(y, x), 10)
        expect(w(x, z)).toBeLessThanOrEqual(w(x, y) + w(y, z) + 1e-9)
        expect(
          w(
            x,
            x.map((v) => v + shift),
          ),
        ).toBeCloseTo(Math.abs(shift), 10)
        const ones = (v: number[]) => ({ values: v, weights: v.map(() => 2) })
        expect(wasserstein.weightedWassersteinDistance(ones(x), ones(y))).toBeCloseTo(w(x, y), 10)
        expect(wasserstein.energyDistance(x, y)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })

  it('answers NaN where there is nothing to measure', () => {
    const answers = [
      wasserstein.wassersteinDistance([], [1]),
      wasserstein.wassersteinDistance([Number.NaN], [1]),
      wasserstein.energyDistance([1], [Number.POSITIVE_INFINITY]),
      wasserstein.normalizedWasserstein([3, 3], [1, 2]),
      wasserstein.weightedWassersteinDistance({ values: [Number.NaN], weights: [1] }, { values: [1], weights: [1] }),
    ]
    expect(answers).toEqual(answers.map(() => Number.NaN))
    expect(() =>
      wasserstein.weightedWassersteinDistance({ values: [1], weights: [-1] }, { values: [1], weights: [1] }),
    ).toThrow(/weight/)
  })

  it('divergences are symmetric, zero on equal shares and within their ranges', () => {
    fc.assert(
      fc.property(shares, shares, (p, q) => {
        const all = [
          divergence.jensenShannonDistance,
          divergence.hellingerDistance,
          divergence.lInfinityDistance,
          divergence.totalVariationDistance,
        ]
        for (const distance of all) {
          expect(distance(p, q)).toBeCloseTo(distance(q, p), 12)
          expect(distance(p, p)).toBeCloseTo(0, 7)
          expect(distance(p, q)).toBeLessThanOrEqual(1 + 1e-12)
        }
        expect(divergence.populationStabilityIndex(p, q)).toBeGreaterThanOrEqual(0)
        expect(divergence.totalVariationDistance(p, q)).toBeGreaterThanOrEqual(
          divergence.lInfinityDistance(p, q) - 1e-12,
        )
      }),
      { numRuns: 200 },
    )
    expect(() => divergence.hellingerDistance([0, 0], [1, 1])).toThrow(/positive total/)
    expect(() => divergence.hellingerDistance([1], [1, 1])).toThrow(/same bins/)
  })

  it('PSI without its no-drift mean is near zero, and has a p-value', () => {
    const verdict = divergence.psiTest([105, 95, 100, 100], [1000, 1000, 1000, 1000])
    expect(verdict.corrected).toBeLessThan(verdict.psi)
    expect(verdict.pValue).toBeGreaterThan(0.5)
    expect(divergence.psiTest([200, 50, 100, 50], [1000, 1000, 1000, 1000]).pValue).toBeLessThan(1e-6)
    expect(divergence.psiTest([5, 0], [9, 0]).pValue).toBe(1)
  })
})
