import { durbinCdf } from './durbin.ts'
import { logGamma } from './gamma.ts'
import { pelzGoodCdf } from './pelz-good.ts'
import { smirnovSf } from './smirnov.ts'

function clip(p: number): number {
  return p < 0 ? 0 : p > 1 ? 1 : p
}

/** n! ((2t-1)/n)^n: the exact law for 1/(2n) <= d <= 1/n (Ruben & Gambino 1982). */
function nearZeroCdf(n: number, t: number): number {
  if (n > 140) return Math.exp(logGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1))
  let product = 1
  for (let i = 1; i <= n; i++) product *= (i / n) * (2 * t - 1)
  return product
}

function smallSampleSf(n: number, d: number): number {
  return n * d * d <= 4 ? 1 - durbinCdf(n, d) : 2 * smirnovSf(n, d)
}

function largeSampleSf(n: number, d: number): number {
  const squared = n * d * d
  if (squared >= 370) return 0
  if (squared >= 2.2) return 2 * smirnovSf(n, d)
  return 1 - (n <= 20_000 && n * d ** 1.5 <= 1.4 ? durbinCdf(n, d) : pelzGoodCdf(n, d))
}

/**
 * Upper tail P(D_n >= d) of the two-sided one-sample Kolmogorov-Smirnov statistic, n >= 1.
 *
 * Choice of method after Simard & L'Ecuyer (2011), "Computing the Two-Sided Kolmogorov-Smirnov Distribution":
 * Durbin's matrix for small n, twice the one-sided tail where n d^2 >= 2.2 (true error at most 1.2e-5 relative at
 * n = 141 and 1.8e-6 at n = 1e4, the same shortcut as scipy's), Pelz-Good in the middle. Agrees with scipy's
 * `kstwo.sf` to 1e-12 relative where the tail exceeds 1e-4 of one.
 */
export function kstwoSf(n: number, d: number): number {
  if (!Number.isInteger(n) || n < 1 || Number.isNaN(d)) return Number.NaN
  if (d >= 1) return 0
  const t = n * d
  if (d <= 0 || t <= 0.5) return 1
  if (t <= 1) return clip(1 - nearZeroCdf(n, t))
  if (t >= n - 1) return clip(2 * (1 - d) ** n)
  if (d >= 0.5) return clip(2 * smirnovSf(n, d))
  return clip(n <= 140 ? smallSampleSf(n, d) : largeSampleSf(n, d))
}

/**
 * Distribution function P(D_n < d). Above n = 140 this is the Pelz-Good expansion also in the upper tail (as scipy's
 * `kstwo.cdf`), with an absolute error of about 5/n^2; use {@link kstwoSf} for tails.
 */
export function kstwoCdf(n: number, d: number): number {
  const t = n * d
  if (n <= 140 || d >= 0.5 || t <= 1 || t >= n - 1 || !Number.isInteger(n)) return 1 - kstwoSf(n, d)
  if (n * d * d >= 18) return 1
  return clip(n <= 20_000 && n * d ** 1.5 <= 1.4 ? durbinCdf(n, d) : pelzGoodCdf(n, d))
}

/** ln(tail / alpha), held finite where the tail underflows. */
function excess(tail: number, alpha: number): number {
  return Math.max(-1e4, Math.log(tail / alpha))
}

type Bracket = { low: number; high: number; atLow: number; atHigh: number }

/** One step of Ridders' method (1979): halves the bracket at least, squares the error where the function is smooth. */
function riddersStep(f: (d: number) => number, { low, high, atLow, atHigh }: Bracket): Bracket {
  const middle = (low + high) / 2
  const atMiddle = f(middle)
  const root = Math.sqrt(atMiddle * atMiddle - atLow * atHigh)
  const d = root === 0 ? middle : middle + ((middle - low) * atMiddle) / root
  const at = f(d)
  const [first, second] =
    d < middle
      ? [
          { d, at },
          { d: middle, at: atMiddle },
        ]
      : [
          { d: middle, at: atMiddle },
          { d, at },
        ]
  if (first.at <= 0) return { low, atLow, high: first.d, atHigh: first.at }
  if (second.at > 0) return { low: second.d, atLow: second.at, high, atHigh }
  return { low: first.d, atLow: first.at, high: second.d, atHigh: second.at }
}

function invert(n: number, alpha: number, tail: (d: number) => number): number {
  if (!Number.isInteger(n) || n < 1 || !(alpha >= 0 && alpha <= 1)) return Number.NaN
  if (alpha === 0) return 1
  const f = (d: number) => excess(tail(d), alpha)
  const low = 0.5 / n
  const high = Math.min(1, Math.sqrt((-0.5 * Math.log(alpha / 2)) / n) * 1.01)
  let bracket: Bracket = { low, high, atLow: f(low), atHigh: f(high) }
  if (bracket.atHigh >= 0) return high
  for (let i = 0; i < 100 && bracket.high - bracket.low > 4e-16 * bracket.high; i++) bracket = riddersStep(f, bracket)
  return Math.abs(bracket.atLow) < Math.abs(bracket.atHigh) ? bracket.low : bracket.high
}

/**
 * The distance d with P(D_n >= d) = alpha, 0 < alpha <= 1, in the tail's own terms: relative error about 1e-13 of
 * {@link kstwoSf}'s inverse. Massart's inequality P <= 2 exp(-2 n d^2) (1990) gives the upper end of the bracket.
 */
export function kolmogorovCriticalDistance(n: number, alpha: number): number {
  return invert(n, alpha, (d) => kstwoSf(n, d))
}

/**
 * Inverse of 1 - {@link kstwoCdf}, which is what scipy's `kstwo.isf` inverts. Differs from
 * {@link kolmogorovCriticalDistance} by up to 2e-4 relative where alpha is as small as 1e-8 and n near 300.
 */
export function kstwoIsf(n: number, alpha: number): number {
  return invert(n, alpha, (d) => 1 - kstwoCdf(n, d))
}
