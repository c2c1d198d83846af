import type { Random } from '../quality/bootstrap.ts'

/** Standard normal numbers by the polar method (Marsaglia & Bray 1964). */
export function normals(random: Random): () => number {
  return () => {
    for (;;) {
      const u = 2 * random() - 1
      const v = 2 * random() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s)
    }
  }
}

/** A sample of n draws. */
export function draw(n: number, generate: () => number): Float64Array {
  return Float64Array.from({ length: n }, generate)
}

/** Binomial(n, p) numbers by inverting the distribution function once tabulated. */
export function binomials(random: Random, n: number, p: number): () => number {
  const cumulative: number[] = []
  let mass = (1 - p) ** n
  let sum = mass
  for (let k = 0; k <= n; k++) {
    cumulative.push(sum)
    mass *= ((n - k) / (k + 1)) * (p / (1 - p))
    sum += mass
  }
  return () => {
    const u = random()
    let k = 0
    while (k < n && u > (cumulative[k] as number)) k++
    return k
  }
}
