import { devianceTermOf, stirlingError } from './special/gamma.ts'

/** The observed distance as an integer: |i n2 - j n1| >= reach means "at least as far apart as observed". */
export type Corridor = { n1: number; n2: number; reach: number; twoSided: boolean }

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** D on the lattice of its sample sizes, h / lcm(n1, n2); left as it is where the lattice is finer than 2^-31. */
export function latticeDistance(distance: number, n1: number, n2: number): { h: number; g: number; distance: number } {
  const g = greatestCommonDivisor(n1, n2)
  const lcm = (n1 / g) * n2
  const h = Math.round(distance * lcm)
  return { h, g, distance: lcm < 2 ** 31 ? h / lcm : distance }
}

/** P(D >= h/n) for n = m, two-sided: the reflection sum of Gnedenko & Korolyuk (1951) in Horner form, O(n). */
export function equalSizesTwoSided(n: number, h: number): number {
  let p = 0
  for (let k = lastReflection(n, h); k >= 0; k--) p = reflectionRatio(n, h, k) * (1 - p)
  return Math.min(1, 2 * p)
}

/** Reflections beyond 7 sqrt(n) steps weigh less than exp(-49): nothing in double precision. */
function lastReflection(n: number, h: number): number {
  return Math.min(Math.floor(n / h), Math.ceil((7 * Math.sqrt(n)) / h))
}

const LONGEST_PRODUCT = 20_000

/** ln [C(2n, n) / C(2n, n-a)] as deviances, 0 <= a < n: no difference of large logarithms. */
function logCentralDrop(n: number, a: number): number {
  const deviance = devianceTermOf(n - a, n, -a) + devianceTermOf(n + a, n, a)
  const corrections = stirlingError(n - a) + stirlingError(n + a) - 2 * stirlingError(n)
  return deviance + corrections + 0.5 * Math.log1p(-((a / n) ** 2))
}

/** C(2n, n-(k+1)h) / C(2n, n-kh), as a product of h ratios, or by the saddle point where h is large. */
function reflectionRatio(n: number, h: number, k: number): number {
  if (n - (k + 1) * h < 0) return 0
  if (h > LONGEST_PRODUCT && (k + 1) * h < n) {
    return Math.exp(logCentralDrop(n, k * h) - logCentralDrop(n, (k + 1) * h))
  }
  let ratio = 1
  for (let j = 0; j < h; j++) ratio *= (n - k * h - j) / (n + k * h + j + 1)
  return ratio
}

/** P(D+ >= h/n) for n = m: C(2n, n-h) / C(2n, n) (Gnedenko & Korolyuk 1951). */
export function equalSizesOneSided(n: number, h: number): number {
  return reflectionRatio(n, h, 0)
}

/**
 * Fraction of lattice paths from (0,0) to (n1,n2) that touch the outside of the corridor (Viehmann 2021,
 * arXiv:2102.08037): q(i,j) = 1 outside, else i/(i+j) q(i-1,j) + j/(i+j) q(i,j-1). Only positive terms, so the tail
 * keeps about 1e-13 relative accuracy however small it is. Cost: the cells inside the corridor.
 */
export function outsideFraction({ n1, n2, reach, twoSided }: Corridor): number {
  const row = new Float64Array(n2 + 2).fill(1)
  const inverse = new Float64Array(n1 + n2 + 1)
  for (let steps = 1; steps < inverse.length; steps++) inverse[steps] = 1 / steps
  for (let i = 0; i <= n1; i++) {
    const first = Math.max(0, Math.floor((i * n2 - reach) / n1) + 1)
    const last = twoSided ? Math.min(n2, Math.ceil((i * n2 + reach) / n1) - 1) : n2
    let left = first === 0 ? 0 : 1
    for (let j = first; j <= last; j++) {
      left = (i * (row[j] as number) + j * left) * (inverse[i + j] as number)
      row[j] = left
    }
    if (!twoSided) continue
    row[last + 1] = 1
  }
  return row[n2] as number
}

/** Number of cells that {@link outsideFraction} visits, about. */
export function corridorCells({ n1, n2, reach, twoSided }: Corridor): number {
  return twoSided ? Math.min(n1 * n2, 2 * reach) + n1 : n1 * n2
}
