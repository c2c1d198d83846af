import { describe, expect, it } from 'vitest'
import { betaCdf, betaQuantile } from './special/beta.ts'
import { chiSquareSf } from './special/chi-square.ts'
import { kolmogorovSf } from './special/kolmogorov.ts'
import { kstwoIsf, kstwoSf } from './special/kstwo.ts'
import { normalCdf, normalQuantile, normalSf } from './special/normal.ts'
import { smirnovSf } from './special/smirnov.ts'
import { studentSf } from './special/student.ts'
import { type Comparison, goldenTable, misses, type Tolerance } from './testing/golden.ts'

const TIGHT: Tolerance = { relative: 1e-12 }

type NumericRow = Record<string, number>

function check(
  table: string,
  compare: (row: NumericRow) => Omit<Comparison, 'what' | 'within'>[],
  within = TIGHT,
): void {
  const comparisons = goldenTable<NumericRow>(table).flatMap((row) => {
    return compare(row).map((numbers) => ({ ...numbers, what: `${table} ${JSON.stringify(row)}`, within }))
  })
  expect(misses(comparisons)).toEqual([])
}

describe('golden special functions', () => {
  // scipy's Pomeranz recursion is itself 1.3e-12 from the 60-digit value of P(D_139 >= 0.138254795538).
  it('kstwo upper tail', () => {
    check('kstwo_sf', ({ n, d, sf }) => [{ actual: kstwoSf(n as number, d as number), expected: sf as number }], {
      relative: 1e-12,
      absolute: 2e-14,
    })
  })

  // scipy inverts 1 - cdf, which has no more than 8 digits at alpha = 1e-8, to a root tolerance of 1e-14.
  it('kstwo critical distance', () => {
    const rows = goldenTable<NumericRow>('kstwo_isf')
    const comparisons = rows.map(({ n, alpha, d }) => ({
      what: `n=${n} alpha=${alpha}`,
      actual: kstwoIsf(n as number, alpha as number),
      expected: d as number,
      within: { relative: Math.max(1e-12, 2e-17 / (alpha as number)) },
    }))
    expect(misses(comparisons)).toEqual([])
  })

  it('Kolmogorov', () => {
    check('kolmogorov_sf', ({ z, sf }) => [{ actual: kolmogorovSf(z as number), expected: sf as number }])
  })

  it('Smirnov', () => {
    check('smirnov_sf', ({ n, d, sf }) => [{ actual: smirnovSf(n as number, d as number), expected: sf as number }])
  })

  it('normal', () => {
    check('norm_cdf', ({ x, cdf, sf }) => [
      { actual: normalCdf(x as number), expected: cdf as number },
      { actual: normalSf(x as number), expected: sf as number },
    ])
    check('norm_ppf', ({ q, x }) => [{ actual: normalQuantile(q as number), expected: x as number }])
  })

  it('chi-square and Student', () => {
    check('chi2_sf', ({ x, df, sf }) => [{ actual: chiSquareSf(x as number, df as number), expected: sf as number }])
    check('t_sf', ({ x, df, sf }) => [{ actual: studentSf(x as number, df as number), expected: sf as number }])
  })

  it('beta', () => {
    const large = ({ a, b }: NumericRow) => Math.max(a as number, b as number) >= 1e5
    const comparisons = goldenTable<NumericRow>('beta_cdf').map((row) => ({
      what: JSON.stringify(row),
      actual: betaCdf(row.x as number, row.a as number, row.b as number),
      expected: row.cdf as number,
      within: { relative: large(row) ? 1e-10 : 1e-12 },
    }))
    expect(misses(comparisons)).toEqual([])
    check('beta_ppf', ({ q, a, b, x }) => [
      { actual: betaQuantile(q as number, a as number, b as number), expected: x as number },
    ])
  })
})
