import { type Alternative, requireCount, requireOpenProbability, requireThat } from './sample.ts'
import { betaCdf, betaQuantile, betaSf, binomialMass } from './special/beta.ts'
import { normalCdf, normalQuantile, normalSf } from './special/normal.ts'

export type Interval = { low: number; high: number }

/** `successes` of `total`. */
export type Proportion = { successes: number; total: number }

function requireProportion({ successes, total }: Proportion): void {
  requireCount(successes, 'successes')
  requireCount(total, 'total')
  requireThat(successes <= total && total > 0, `successes must not exceed total and total must be positive`)
}

/** Wilson's score interval (Wilson 1927); `continuity` widens it after Newcombe (1998). Never leaves [0, 1]. */
export function wilsonInterval(proportion: Proportion, confidence = 0.95, continuity = false): Interval {
  requireProportion(proportion)
  requireOpenProbability(confidence, 'confidence')
  const { successes: k, total: n } = proportion
  const z = normalQuantile(0.5 + confidence / 2)
  const p = k / n
  const denominator = 2 * (n + z * z)
  const center = (2 * n * p + z * z) / denominator
  if (!continuity) {
    const delta = (z / denominator) * Math.sqrt(4 * n * p * (1 - p) + z * z)
    return { low: k === 0 ? 0 : center - delta, high: k === n ? 1 : center + delta }
  }
  const shape = 4 * n * p * (1 - p) + z * z - 1 / n
  const low = center - (1 + z * Math.sqrt(shape + 4 * p - 2)) / denominator
  const high = center + (1 + z * Math.sqrt(shape - 4 * p + 2)) / denominator
  return { low: k === 0 ? 0 : Math.max(0, low), high: k === n ? 1 : Math.min(1, high) }
}

/** Clopper & Pearson (1934), the exact interval: covers at least with the stated confidence, wider than Wilson's. */
export function clopperPearsonInterval(proportion: Proportion, confidence = 0.95): Interval {
  requireProportion(proportion)
  requireOpenProbability(confidence, 'confidence')
  const { successes: k, total: n } = proportion
  const tail = (1 - confidence) / 2
  return {
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  }
}

/** P(X <= k), X ~ Binomial(n, p), as an incomplete beta (DLMF 8.17.5). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return betaSf(p, Math.floor(k) + 1, n - Math.floor(k))
}

/** P(X >= k), X ~ Binomial(n, p), without cancellation. */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n) return 0
  return betaCdf(p, Math.ceil(k), n - Math.ceil(k) + 1)
}

/** Smallest m > mean with mass(m) <= limit, or largest m < mean, by bisection over the monotone side of the law. */
function mirrorCount({ successes: k, total: n }: Proportion, p0: number): number {
  const limit = binomialMass(k, n, p0) * (1 + 1e-7)
  const mean = n * p0
  let inside = k < mean ? Math.ceil(mean) : Math.floor(mean)
  let outside = k < mean ? n + 1 : -1
  if (binomialMass(inside, n, p0) <= limit) return inside
  while (Math.abs(outside - inside) > 1) {
    const middle = inside + Math.trunc((outside - inside) / 2)
    if (binomialMass(middle, n, p0) <= limit) outside = middle
    else inside = middle
  }
  return outside
}

/**
 * Exact binomial test of H0: probability = p0. Two-sided sums every outcome no more likely than the observed one
 * (to a relative 1e-7, as R and scipy do). Relative error about 1e-12.
 */
export function binomialTest(proportion: Proportion, p0: number, alternative: Alternative = 'two-sided'): number {
  requireProportion(proportion)
  requireThat(p0 >= 0 && p0 <= 1, `p0 must lie in [0, 1], got ${p0}`)
  const { successes: k, total: n } = proportion
  if (alternative === 'less') return binomialCdf(k, n, p0)
  if (alternative === 'greater') return binomialUpperTail(k, n, p0)
  if (k === n * p0) return 1
  const other = mirrorCount(proportion, p0)
  const p =
    k < n * p0
      ? binomialCdf(k, n, p0) + binomialUpperTail(other, n, p0)
      : binomialCdf(other, n, p0) + binomialUpperTail(k, n, p0)
  return Math.min(1, p)
}

export type TwoProportionResult = {
  /** p_treatment - p_control. */
  difference: number
  /** Newcombe's hybrid score interval of the difference. */
  interval: Interval
  z: number
  pValue: number
}

export type TwoProportionOptions = { alternative?: Alternative; confidence?: number }

/** Newcombe (1998), method 10: Wilson's limits combined; keeps its coverage near 0 and 1. */
function newcombe(treatment: Proportion, control: Proportion, confidence: number): Interval {
  const t = wilsonInterval(treatment, confidence)
  const c = wilsonInterval(control, confidence)
  const pt = treatment.successes / treatment.total
  const pc = control.successes / control.total
  return {
    low: pt - pc - Math.hypot(pt - t.low, c.high - pc),
    high: pt - pc + Math.hypot(t.high - pt, pc - c.low),
  }
}

function tail(z: number, alternative: Alternative): number {
  if (alternative === 'greater') return normalSf(z)
  if (alternative === 'less') return normalCdf(z)
  return 2 * normalSf(Math.abs(z))
}

/**
 * Two proportions with the pooled z test (score test; its square is Pearson's chi-square without Yates). `greater`: the
 * treatment's is larger. Both rates equal to 0 or 1 give z = 0 and p = 1. Needs about 5 expected in each cell; below
 * that use {@link fisherExact} of the 2 x 2 table.
 */
export function twoProportionTest(
  treatment: Proportion,
  control: Proportion,
  { alternative = 'two-sided', confidence = 0.95 }: TwoProportionOptions = {},
): TwoProportionResult {
  requireProportion(treatment)
  requireProportion(control)
  const difference = treatment.successes / treatment.total - control.successes / control.total
  const pooled = (treatment.successes + control.successes) / (treatment.total + control.total)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / treatment.total + 1 / control.total))
  const z = error === 0 ? 0 : difference / error
  const pValue = error === 0 ? 1 : tail(z, alternative)
  return { difference, interval: newcombe(treatment, control, confidence), z, pValue }
}
