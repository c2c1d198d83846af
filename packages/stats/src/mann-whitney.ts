import { midRanks, pooled, type Ranking } from './ranks.ts'
import type { Alternative, Sample } from './sample.ts'
import { normalSf } from './special/normal.ts'

export type MannWhitneyOptions = {
  /** `greater`: x tends to be larger than y. Default two-sided. */
  alternative?: Alternative
  /** `auto`: exact where one side has at most 8 rows and nothing ties. */
  method?: 'auto' | 'exact' | 'asymptotic'
  /** Continuity correction of the normal approximation. Default true. */
  continuity?: boolean
}

export type MannWhitneyResult = {
  /** U of x: pairs (x, y) with x > y, ties counting one half. NaN where undefined. */
  statistic: number
  pValue: number
  /** U / (n1 n2) = P(X > Y) + P(X = Y)/2, the area under the ROC curve. */
  superiority: number
  method: 'exact' | 'asymptotic' | 'undefined'
}

/**
 * Masses of U for sizes (n, m) up to `last`: the Gaussian binomial coefficient divided by C(n+m, n), built factor by
 * factor, (1 - q^(m+i))/(1 - q^i) i/(m+i). Each mass depends on smaller ones only, so the lower tail stays accurate.
 */
function massesUpTo(n: number, m: number, last: number): Float64Array {
  const mass = new Float64Array(last + 1)
  mass[0] = 1
  for (let i = 1; i <= n; i++) {
    for (let k = last; k >= m + i; k--) mass[k] = (mass[k] as number) - (mass[k - m - i] as number)
    for (let k = i; k <= last; k++) mass[k] = (mass[k] as number) + (mass[k - i] as number)
    const share = i / (m + i)
    for (let k = 0; k <= last; k++) mass[k] = (mass[k] as number) * share
  }
  return mass
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0)
}

/** P(U >= u) without ties (Mann & Whitney 1947), from the shorter tail. */
export function mannWhitneyExactSf(u: number, n1: number, n2: number): number {
  const n = Math.min(n1, n2)
  const m = Math.max(n1, n2)
  if (u <= 0) return 1
  if (u > n * m) return 0
  if (2 * u > n * m) return sum(massesUpTo(n, m, n * m - u))
  return 1 - sum(massesUpTo(n, m, u - 1))
}

/**
 * Normal approximation with the tie correction (Lehmann 1975, eq. 1.35). All values equal: p = 1 with the continuity
 * correction, NaN (0/0) without it.
 */
function asymptoticSf(
  u: number,
  sizes: { n1: number; n2: number },
  ranking: Ranking & { continuity: boolean },
): number {
  const { n1, n2 } = sizes
  const n = n1 + n2
  const variance = ((n1 * n2) / 12) * (n + 1 - ranking.tieTerm / (n * (n - 1)))
  const numerator = u - (n1 * n2) / 2 - (ranking.continuity ? 0.5 : 0)
  return normalSf(numerator / Math.sqrt(variance))
}

/**
 * Mann-Whitney U test (Wilcoxon 1945; Mann & Whitney 1947). Sees shifts; blind to changes of spread that keep
 * P(X > Y) = 1/2. An empty sample or a NaN gives `method: 'undefined'` and NaN.
 */
export function mannWhitneyTest(x: Sample, y: Sample, options: MannWhitneyOptions = {}): MannWhitneyResult {
  const { alternative = 'two-sided', method = 'auto', continuity = true } = options
  const n1 = x.length
  const n2 = y.length
  const all = pooled(x, y)
  if (!all) return { statistic: Number.NaN, pValue: Number.NaN, superiority: Number.NaN, method: 'undefined' }
  const ranking = midRanks(all)
  const statistic = sum(ranking.ranks.subarray(0, n1)) - (n1 * (n1 + 1)) / 2
  const other = n1 * n2 - statistic
  const u = { greater: statistic, less: other, 'two-sided': Math.max(statistic, other) }[alternative]
  const exact = method === 'auto' ? Math.min(n1, n2) <= 8 && !ranking.hasTies : method === 'exact'
  const oneSided = exact
    ? mannWhitneyExactSf(Math.trunc(u), n1, n2)
    : asymptoticSf(u, { n1, n2 }, { ...ranking, continuity })
  const pValue = Math.min(1, (alternative === 'two-sided' ? 2 : 1) * oneSided)
  return { statistic, pValue, superiority: statistic / (n1 * n2), method: exact ? 'exact' : 'asymptotic' }
}
