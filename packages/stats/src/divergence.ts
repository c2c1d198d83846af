import { requireThat, type Sample } from './sample.ts'
import { chiSquareSf } from './special/chi-square.ts'

/** Shares of two distributions over the same bins. Counts are accepted: both sides are normalised. */
function shares(counts: Sample): Float64Array {
  let total = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number
    requireThat(count >= 0 && Number.isFinite(count), `a count or share must be finite and >= 0, got ${count}`)
    total += count
  }
  requireThat(total > 0, 'a distribution needs a positive total')
  return Float64Array.from(counts, (count) => count / total)
}

function pair(p: Sample, q: Sample): [Float64Array, Float64Array] {
  requireThat(p.length === q.length && p.length > 0, 'both distributions need the same bins')
  return [shares(p), shares(q)]
}

function sumOver(p: Float64Array, q: Float64Array, term: (a: number, b: number) => number): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += term(p[i] as number, q[i] as number)
  return sum
}

/** x ln(x/y), 0 for x = 0 (Kullback & Leibler 1951). */
function relativeEntropyTerm(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(x / y)
}

/**
 * Jensen-Shannon distance, the square root of the divergence (Endres & Schindelin 2003). Base 2 (default): range [0, 1];
 * base e: [0, sqrt(ln 2)].
 */
export function jensenShannonDistance(p: Sample, q: Sample, base = 2): number {
  const [a, b] = pair(p, q)
  const sum = sumOver(a, b, (x, y) => {
    const middle = (x + y) / 2
    return relativeEntropyTerm(x, middle) + relativeEntropyTerm(y, middle)
  })
  return Math.sqrt(Math.max(0, sum) / 2 / Math.log(base))
}

/** Hellinger distance, range [0, 1] (Hellinger 1909). */
export function hellingerDistance(p: Sample, q: Sample): number {
  const [a, b] = pair(p, q)
  return Math.sqrt(sumOver(a, b, (x, y) => (Math.sqrt(x) - Math.sqrt(y)) ** 2) / 2)
}

/** Largest difference of a single share, range [0, 1]. */
export function lInfinityDistance(p: Sample, q: Sample): number {
  const [a, b] = pair(p, q)
  let largest = 0
  a.forEach((x, i) => {
    largest = Math.max(largest, Math.abs(x - (b[i] as number)))
  })
  return largest
}

/** Total variation: half the sum of differences, range [0, 1]; the largest difference of any set of bins. */
export function totalVariationDistance(p: Sample, q: Sample): number {
  const [a, b] = pair(p, q)
  return sumOver(a, b, (x, y) => Math.abs(x - y)) / 2
}

/**
 * Population stability index sum (a - e) ln(a/e), range [0, infinity) (the symmetrised divergence of Jeffreys 1946).
 * Shares of zero are set to `floor` (default 1e-4) without renormalising, the industry's habit.
 */
export function populationStabilityIndex(actual: Sample, expected: Sample, floor = 1e-4): number {
  const [a, b] = pair(actual, expected)
  const held = (x: number) => (x === 0 ? floor : x)
  return sumOver(a, b, (x, y) => (held(x) - held(y)) * Math.log(held(x) / held(y)))
}

export type PsiVerdict = {
  psi: number
  /** PSI less its mean where nothing drifts, (B-1)(1/n+1/m): near 0 without drift at any sample size. */
  corrected: number
  /** Upper tail of chi-square(B-1) at PSI/(1/n+1/m) (Yurdakul 2018). */
  pValue: number
}

/** PSI of two count vectors with its no-drift mean taken off and a p-value. Empty bins on both sides do not count. */
export function psiTest(actualCounts: Sample, expectedCounts: Sample): PsiVerdict {
  const psi = populationStabilityIndex(actualCounts, expectedCounts)
  let bins = 0
  let n = 0
  let m = 0
  for (let i = 0; i < actualCounts.length; i++) {
    n += actualCounts[i] as number
    m += expectedCounts[i] as number
    if ((actualCounts[i] as number) + (expectedCounts[i] as number) > 0) bins += 1
  }
  const scale = 1 / n + 1 / m
  const pValue = bins > 1 ? chiSquareSf(psi / scale, bins - 1) : 1
  return { psi, corrected: psi - (bins - 1) * scale, pValue }
}
