import { betaQuantilePair, betaTails } from './beta.ts'

/**
 * P(T > x) for Student's t with df > 0 degrees of freedom (A&S 26.7.1). Relative error about 1e-12: the
 * incomplete beta gets x^2/(df+x^2) and its complement apart, so no digit is lost at either end.
 */
export function studentSf(x: number, df: number): number {
  if (Number.isNaN(x) || !(df > 0)) return Number.NaN
  const half = 0.5 * outerTwoSided(Math.abs(x), df)
  return x >= 0 ? half : 1 - half
}

function outerTwoSided(x: number, df: number): number {
  const square = x * x
  if (square === 0 || square === Number.POSITIVE_INFINITY) return square === 0 ? 1 : 0
  const total = df + square
  return betaTails({ x: square / total, y: df / total, a: 0.5, b: df / 2 }).upper
}

/** P(T <= x). */
export function studentCdf(x: number, df: number): number {
  return studentSf(-x, df)
}

/** Quantile of Student's t, 0 < q < 1; relative error about 1e-12. */
export function studentQuantile(q: number, df: number): number {
  if (!(q > 0 && q < 1)) return q === 0 ? Number.NEGATIVE_INFINITY : q === 1 ? Number.POSITIVE_INFINITY : Number.NaN
  if (q === 0.5) return 0
  const tail = q < 0.5 ? q : 1 - q
  const { x, y } = betaQuantilePair({ lower: 2 * tail, upper: 1 - 2 * tail, a: df / 2, b: 0.5 })
  const t = Math.sqrt((df * y) / x)
  return q < 0.5 ? -t : t
}
