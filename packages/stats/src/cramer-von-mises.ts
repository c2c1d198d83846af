import { midRanks, pooled } from './ranks.ts'
import type { Sample } from './sample.ts'
import { cramerVonMisesSf } from './special/cramer-von-mises.ts'

export type CramerVonMisesOptions = {
  /** `auto`: exact where both sides have at most 20 rows. */
  method?: 'auto' | 'exact' | 'asymptotic'
}

export type CramerVonMisesResult = { statistic: number; pValue: number; method: 'exact' | 'asymptotic' | 'undefined' }

function leastCommonMultiple(m: number, n: number): number {
  let a = m
  let b = n
  while (b > 0) [a, b] = [b, a % b]
  return (m / a) * n
}

type Law = Map<number, number>

/** Adds the masses of two laws and moves both by `shift`. */
function mergeLaws(a: Law, b: Law, shift: number): Law {
  const merged: Law = new Map()
  for (const law of [a, b]) {
    for (const [value, mass] of law) merged.set(value + shift, (merged.get(value + shift) ?? 0) + mass)
  }
  return merged
}

/**
 * P(T >= t) over all lattice paths (Xiao, Gordon & Yakovlev 2007, "A C++ Program for the Cramer-von Mises Two-Sample
 * Test", eq. 11), the paths weighed by 1/C(m+n, m) at the end. `u` is Anderson's U statistic.
 */
function exactPValue(u: number, m: number, n: number): number {
  const lcm = leastCommonMultiple(m, n)
  const a = lcm / m
  const b = lcm / n
  const mn = m * n
  const zeta = Math.floor((lcm * lcm * (m + n) * (6 * u - mn * (4 * mn - 1))) / (6 * mn * mn))
  let row: Law[] = Array.from({ length: m + 1 }, (_, v) => new Map(v === 0 ? [[0, 1]] : []))
  for (let s = 0; s <= n; s++) {
    let left: Law = new Map()
    row = row.map((above, v) => {
      left = mergeLaws(left, above, (a * v - b * s) ** 2)
      return left
    })
  }
  let total = 0
  let tail = 0
  for (const [value, paths] of row[m] as Law) {
    total += paths
    if (value >= zeta) tail += paths
  }
  return tail / total
}

/** Anderson (1962), eq. 14: moments of T brought to those of the limit law. */
function asymptoticPValue(t: number, m: number, n: number): number {
  const k = m * n
  const all = m + n
  const mean = (1 + 1 / all) / 6
  const variance = ((all + 1) * (4 * k * all - 3 * (m * m + n * n) - 2 * k)) / (45 * all * all * 4 * k)
  const standard = 1 / 6 + (t - mean) / Math.sqrt(45 * variance)
  return standard < 0.003 ? 1 : cramerVonMisesSf(standard)
}

function squaredRankGaps(ranks: Float64Array): number {
  return ranks.sort().reduce((sum, rank, i) => sum + (rank - i - 1) ** 2, 0)
}

/**
 * Two-sample Cramer-von Mises test (Anderson 1962): the whole squared gap between the distribution functions, not only
 * the largest one. Ties take mid-ranks. An empty sample or a NaN gives `method: 'undefined'` and NaN.
 */
export function cramerVonMisesTest(x: Sample, y: Sample, options: CramerVonMisesOptions = {}): CramerVonMisesResult {
  const { method = 'auto' } = options
  const m = x.length
  const n = y.length
  const all = pooled(x, y)
  if (!all) return { statistic: Number.NaN, pValue: Number.NaN, method: 'undefined' }
  const { ranks } = midRanks(all)
  const u = m * squaredRankGaps(ranks.slice(0, m)) + n * squaredRankGaps(ranks.slice(m))
  const statistic = u / (m * n * (m + n)) - (4 * m * n - 1) / (6 * (m + n))
  const exact = method === 'exact' || (method === 'auto' && Math.max(m, n) <= 20)
  const pValue = exact ? exactPValue(u, m, n) : asymptoticPValue(statistic, m, n)
  return { statistic, pValue, method: exact ? 'exact' : 'asymptotic' }
}
