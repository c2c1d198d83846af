import { describe, expect, it } from 'vitest'
import { type KsMethod, ksAsymptoticPValue, ksTest, ksTestAgainst } from './ks.ts'
import type { Alternative } from './sample.ts'
import { sortedReference } from './sorted-reference.ts'
import {
  buildInput,
  type Comparison,
  type GoldenNumber,
  golden,
  goldenTable,
  type InputSpec,
  misses,
} from './testing/golden.ts'

type KsRow = {
  id: string
  group: string
  x: InputSpec
  y: InputSpec
  n1: number
  n2: number
  alternative: Alternative
  method: 'auto' | 'exact' | 'asymp'
  D: GoldenNumber
  p: GoldenNumber
  loc: GoldenNumber
  sign: GoldenNumber
  path: 'exact' | 'asymp'
  p_exact?: string
  p_exact_ties?: string
  scipy_fell_back?: boolean
}

const ULP = { relative: 2.3e-16 }
const EXACT = { relative: 1e-11 }
const ASYMPTOTIC = { relative: 1e-9, absolute: 1e-15 }
const EQUAL = { relative: 0 }

const rows = goldenTable<KsRow>('ks')
const methodOf = (row: KsRow): KsMethod => (row.method === 'asymp' ? 'asymptotic' : row.method)

/** The p-value comparison that `meta.tolerance` asks of the row. */
function pComparison(row: KsRow, result: { pValue: number; statistic: number; method: string }): Comparison {
  const what = `${row.id} p`
  if (row.scipy_fell_back) {
    const observed = { distance: result.statistic, n1: row.n1, n2: row.n2, alternative: row.alternative }
    return { what, actual: ksAsymptoticPValue(observed), expected: golden(row.p), within: ASYMPTOTIC }
  }
  const counted = result.method === 'exact' && row.p_exact !== undefined
  if (counted) return { what, actual: result.pValue, expected: Number(row.p_exact), within: EXACT }
  return { what, actual: result.pValue, expected: golden(row.p), within: ASYMPTOTIC }
}

describe('the golden Kolmogorov-Smirnov cases', () => {
  it.each(rows.map((row) => [row.id, row.group, row] as const))('%s %s', (_id, _group, row) => {
    const x = buildInput(row.x)
    const y = buildInput(row.y)
    const result = ksTest(x, y, { alternative: row.alternative, method: methodOf(row) })
    const comparisons = [
      { what: `${row.id} D`, actual: result.statistic, expected: golden(row.D), within: ULP },
      { what: `${row.id} location`, actual: result.location, expected: golden(row.loc), within: EQUAL },
      { what: `${row.id} sign`, actual: result.sign, expected: golden(row.sign), within: EQUAL },
      pComparison(row, result),
    ]
    if (row.p_exact_ties) {
      const aware = ksTest(x, y, { alternative: row.alternative, method: 'exact', ties: true })
      comparisons.push({ what: `${row.id} ties`, actual: aware.pValue, expected: +row.p_exact_ties, within: EXACT })
    }
    expect(misses(comparisons)).toEqual([])
  })

  it('are the same against a prepared reference', () => {
    const small = rows.filter((row) => row.n1 > 0 && row.n1 + row.n2 < 30_000)
    for (const row of small) {
      const x = buildInput(row.x)
      const y = buildInput(row.y)
      const options = { alternative: row.alternative, method: 'asymptotic' as const }
      expect(ksTestAgainst(sortedReference(x), y, options), row.id).toEqual(ksTest(x, y, options))
    }
  })

  it('where scipy fell back, the product is exact all the same', () => {
    const fallen = rows.filter((row) => row.scipy_fell_back)
    expect(fallen.length).toBeGreaterThan(5)
    for (const row of fallen) {
      const options = { alternative: row.alternative, method: 'exact' as const }
      const result = ksTest(buildInput(row.x), buildInput(row.y), options)
      expect(result.method, row.id).toBe('exact')
      if (row.p_exact) expect(Math.abs(result.pValue / Number(row.p_exact) - 1), row.id).toBeLessThan(1e-11)
    }
  })
})
