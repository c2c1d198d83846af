import { gammaP, gammaQ } from './gamma.ts'

/** Error function, all x; relative error about 1e-14 (as the incomplete gamma P(1/2, x^2), A&S 7.1.21). */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x
  return x < 0 ? -gammaP(0.5, x * x) : gammaP(0.5, x * x)
}

/** Complementary error function; relative error below 5e-13 down to the smallest normal number. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  return x < 0 ? 1 + gammaP(0.5, x * x) : gammaQ(0.5, x * x)
}

/** Standard normal distribution function. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2)
}

/** Standard normal upper tail 1 - cdf, without cancellation. */
export function normalSf(x: number): number {
  return 0.5 * erfc(x / Math.SQRT2)
}

/** Standard normal density. */
export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/** Abramowitz & Stegun 26.2.23, |error| < 4.5e-4: only the start of the refinement. */
function roughUpperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  return t - numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
}

/**
 * Standard normal quantile, 0 <= q <= 1 (0 and 1 give the infinities). Halley's iteration on the closer tail;
 * relative error about 1e-15, valid down to q = 1e-300.
 */
export function normalQuantile(q: number): number {
  if (!(q >= 0 && q <= 1)) return Number.NaN
  if (q === 0.5) return 0
  if (q === 0 || q === 1) return q === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const tail = q < 0.5 ? q : 1 - q
  let x = roughUpperQuantile(tail)
  for (let i = 0; i < 6; i++) {
    const ratio = (normalSf(x) - tail) / normalPdf(x)
    const step = ratio / (1 - 0.5 * x * ratio)
    x += step
    if (Math.abs(step) < 1e-15 * Math.abs(x)) break
  }
  return q < 0.5 ? -x : x
}
