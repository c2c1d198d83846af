import { devianceTermOf, logGamma, stirlingError, TWO_PI } from './gamma.ts'

/** Arguments of the incomplete beta with both x and y = 1 - x, because the smaller of them must not be a difference. */
export type BetaPoint = { x: number; y: number; a: number; b: number }

/**
 * ln of C(n, a) x^a y^b continued to real a, b with n = a + b, in the saddle-point form (Loader 2000).
 * Absolute error about 1e-15 times the size of the exponent.
 */
function logBinomialMassAt({ x, y, a, b }: BetaPoint): number {
  if (x === 0 || a === 0) return a === 0 ? b * logOf(y, x) : Number.NEGATIVE_INFINITY
  if (y === 0 || b === 0) return b === 0 ? a * logOf(x, y) : Number.NEGATIVE_INFINITY
  const n = a + b
  const gap = x < y ? a - n * x : n * y - b
  const deviance = devianceTermOf(a, n * x, gap) + devianceTermOf(b, n * y, -gap)
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b)
  return corrections - deviance + 0.5 * Math.log(n / (TWO_PI * a * b))
}

function binomialMassAt(at: BetaPoint): number {
  return Math.exp(logBinomialMassAt(at))
}

/** ln p with p + q = 1, from whichever of them is small. */
function logOf(p: number, q: number): number {
  return q < 0.5 ? Math.log1p(-q) : Math.log(p)
}

/** P(X = k) for X ~ Binomial(n, p), 0 <= k <= n; zero outside. Relative error about 1e-14. */
export function binomialMass(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  return binomialMassAt({ x: p, y: 1 - p, a: k, b: n - k })
}

/**
 * Continued fraction of I_x(a, b) divided by x^a y^b / B(a, b), by modified Lentz. This is the even part of the
 * classical fraction (DiDonato & Morris 1992, TOMS 708, eq. 9): its leading term 1 + a - (a+b) x is formed without
 * cancellation, where the classical form loses log10(a) digits.
 */
function betaFraction({ x, y, a, b }: BetaPoint): number {
  const lambda = x < y ? a - (a + b) * x : (a + b) * y - b
  let denominator = ((lambda + 1) * a) / (a + 1)
  let c = denominator
  let d = 0
  let value = 1 / denominator
  for (let n = 1; n < 1_000_000; n++) {
    const s = a + 2 * n - 1
    const w = n * (b - n) * x
    const alpha = ((a + n - 1) * (a + b + n - 1) * w * x) / (s * s)
    denominator = n + w / s + ((a + n) * (lambda + 1 + n * (1 + y))) / (s + 2)
    d = 1 / (denominator + alpha * d)
    c = denominator + alpha / c
    const step = c * d
    value /= step
    if (Math.abs(step - 1) < 2e-16) break
  }
  return value
}

/** Both tails of Beta(a, b) at x; the smaller one keeps full relative accuracy. */
export function betaTails(at: BetaPoint): { lower: number; upper: number } {
  const { x, y, a, b } = at
  const density = (binomialMassAt(at) * a * b) / (a + b)
  if (x * (a + b + 2) < a + 1) {
    const lower = density * betaFraction(at)
    return { lower, upper: 1 - lower }
  }
  const upper = density * betaFraction({ x: y, y: x, a: b, b: a })
  return { lower: 1 - upper, upper }
}

/**
 * Regularised incomplete beta I_x(a, b) = P(Beta(a, b) <= x); a, b > 0.
 * Relative error about 1e-13 (1e-10 where a or b exceeds 1e5), DLMF 8.17.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 0
  if (x >= 1) return 1
  return betaTails({ x, y: 1 - x, a, b }).lower
}

/** Upper tail 1 - I_x(a, b), computed without cancellation. */
export function betaSf(x: number, a: number, b: number): number {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return Number.NaN
  if (x <= 0) return 1
  if (x >= 1) return 0
  return betaTails({ x, y: 1 - x, a, b }).upper
}

/** ln (1 - I_x(a, b)), finite also where the tail itself underflows; 0 < x < 1. */
export function logBetaSf(x: number, a: number, b: number): number {
  const at = { x, y: 1 - x, a, b }
  const { lower, upper } = betaTails(at)
  if (upper > 1e-290) return upper < 0.5 ? Math.log(upper) : Math.log1p(-lower)
  return logBinomialMassAt(at) + Math.log(((a * b) / (a + b)) * betaFraction({ x: 1 - x, y: x, a: b, b: a }))
}

/** ln I_x(a, b), finite also where the tail itself underflows; 0 < x < 1. */
export function logBetaCdf(x: number, a: number, b: number): number {
  return logBetaSf(1 - x, b, a)
}

/** ln B(a, b), a, b > 0. Absolute error about 1e-15 times the size of the value. */
export function logBeta(a: number, b: number): number {
  const n = a + b
  if (a < 16 && b < 16) return logGamma(a) + logGamma(b) - logGamma(n)
  const corrections = stirlingError(a) + stirlingError(b) - stirlingError(n)
  const entropy = a * Math.log(a / n) + b * Math.log(b / n)
  return corrections + entropy + 0.5 * Math.log((TWO_PI * n) / (a * b))
}

function nextGuess(x: number, low: number, high: number): number {
  if (x > low && x < high) return x
  const floor = low > 0 ? low : high * 1e-6
  return high / floor > 4 ? Math.sqrt(floor * high) : (low + high) / 2
}

/** A quantile by both of its tails, which add up to 1: the smaller one is what must be met. */
export type BetaTarget = { lower: number; upper: number; a: number; b: number }

/** Newton's iteration on the closer tail, held inside a bracket; for quantiles in the lower half of [0, 1]. */
function lowerHalfQuantile({ lower, upper, a, b }: BetaTarget): number {
  let low = 0
  let high = 1
  let x = Math.min(0.5, a / (a + b))
  for (let i = 0; i < 500; i++) {
    const at = { x, y: 1 - x, a, b }
    const tails = betaTails(at)
    const gap = tails.lower < 0.5 ? tails.lower - lower : upper - tails.upper
    if (gap > 0) high = x
    else low = x
    const density = (binomialMassAt(at) * a * b) / ((a + b) * x * (1 - x))
    const next = gap === 0 ? x : nextGuess(x - gap / density, low, high)
    if (Math.abs(next - x) <= 2e-16 * next) return next
    x = next
  }
  return x
}

/** The quantile x together with y = 1 - x, each with full relative accuracy. */
export function betaQuantilePair(target: BetaTarget): { x: number; y: number } {
  const { lower, upper, a, b } = target
  if (betaTails({ x: 0.5, y: 0.5, a, b }).lower >= lower) {
    const x = lowerHalfQuantile(target)
    return { x, y: 1 - x }
  }
  const y = lowerHalfQuantile({ lower: upper, upper: lower, a: b, b: a })
  return { x: 1 - y, y }
}

/** Quantile of Beta(a, b): the x with I_x(a, b) = q, 0 <= q <= 1. Relative error about 1e-13. */
export function betaQuantile(q: number, a: number, b: number): number {
  if (!(q >= 0 && q <= 1) || !(a > 0) || !(b > 0)) return Number.NaN
  if (q === 0 || q === 1) return q
  return betaQuantilePair({ lower: q, upper: 1 - q, a, b }).x
}
