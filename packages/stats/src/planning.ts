import { requireOpenProbability, requireThat, type Sample } from './sample.ts'
import { kolmogorovCriticalDistance } from './special/kstwo.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/** Lag-1 autocorrelation (Box & Jenkins 1970); 0 for fewer than 3 values or a constant series. NaN if a value is NaN. */
export function lagOneAutocorrelation(series: Sample): number {
  const n = series.length
  if (n < 3) return 0
  let mean = 0
  for (let i = 0; i < n; i++) mean += (series[i] as number) / n
  let variance = 0
  let covariance = 0
  for (let i = 0; i < n; i++) {
    const gap = (series[i] as number) - mean
    variance += gap * gap
    if (i > 0) covariance += gap * ((series[i - 1] as number) - mean)
  }
  return variance === 0 ? 0 : covariance / variance
}

/**
 * Rows that an autocorrelated series is worth: n (1-r)/(1+r) (Bayley & Hammersley 1946, first-order chain), clipped to
 * [1, n]. At r = 0.9, 500 rows are worth 26; tests that ignore this alarm in 75 % of windows without drift.
 */
export function effectiveSampleSize(n: number, autocorrelation: number): number {
  requireThat(n > 0, `n must be positive, got ${n}`)
  requireThat(autocorrelation >= -1 && autocorrelation <= 1, 'autocorrelation must lie in [-1, 1]')
  const size = autocorrelation === -1 ? n : (n * (1 - autocorrelation)) / (1 + autocorrelation)
  return Math.min(n, Math.max(1, size))
}

/** Sizes of reference and window, and the level of the test. */
export type TwoSampleDesign = { reference: number; window: number; alpha: number }

/** The distance D at which a two-sided KS test just rejects: the one-sample law at the rounded effective size. */
export function ksCriticalDistance({ reference, window, alpha }: TwoSampleDesign): number {
  requireThat(reference >= 1 && window >= 1, 'sizes must be at least 1')
  requireOpenProbability(alpha, 'alpha')
  const effective = Math.max(1, Math.round((reference * window) / (reference + window)))
  return kolmogorovCriticalDistance(effective, alpha)
}

/**
 * Lower bound on the chance to reject when the true distance is `distance` (Massey 1950: the gap at its widest point
 * alone), with the binomial variance at its largest, 1/4. The true power is higher.
 */
export function ksPower(design: TwoSampleDesign, distance: number): number {
  requireThat(distance >= 0 && distance <= 1, `distance must lie in [0, 1], got ${distance}`)
  const deviation = 0.5 * Math.sqrt(1 / design.reference + 1 / design.window)
  const critical = ksCriticalDistance(design)
  return normalCdf((distance - critical) / deviation) + normalCdf((-distance - critical) / deviation)
}

/** What a plan must be able to see: an effect, the two-sided level and the power. */
export type PowerTarget = { alpha: number; power: number }

/** Smallest window that finds the true distance with the power, against a reference of the given size; Infinity if none does. */
export function ksWindowSize(distance: number, reference: number, target: PowerTarget): number {
  requireThat(distance > 0 && distance <= 1, `distance must lie in (0, 1], got ${distance}`)
  requireOpenProbability(target.power, 'power')
  const enough = (window: number) => ksPower({ reference, window, alpha: target.alpha }, distance) >= target.power
  let high = 1
  while (!enough(high)) {
    if (high > 1e9) return Number.POSITIVE_INFINITY
    high *= 2
  }
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}

function requireTarget({ alpha, power }: PowerTarget): void {
  requireOpenProbability(alpha, 'alpha')
  requireOpenProbability(power, 'power')
}

/** Rates of the two arms and how many control units come with one treatment unit. */
export type ProportionDesign = { control: number; treatment: number; controlsPerTreatment?: number }

/**
 * Treatment units needed to tell two rates apart, two-sided (Fleiss, Levin & Paik 2003, eq. 4.14; not rounded):
 * (z_a sqrt((1+1/r) p q) + z_b sqrt(p1 q1 + p2 q2 / r))^2 / (p1-p2)^2 with r controls per treatment unit.
 */
export function proportionSampleSize(design: ProportionDesign, target: PowerTarget): number {
  const { control, treatment, controlsPerTreatment: r = 1 } = design
  requireTarget(target)
  requireOpenProbability(control, 'control')
  requireOpenProbability(treatment, 'treatment')
  requireThat(r > 0 && control !== treatment, 'the ratio must be positive and the rates must differ')
  const pooled = (treatment + r * control) / (1 + r)
  const under = normalQuantile(1 - target.alpha / 2) * Math.sqrt((1 + 1 / r) * pooled * (1 - pooled))
  const apart = treatment * (1 - treatment) + (control * (1 - control)) / r
  return ((under + normalQuantile(target.power) * Math.sqrt(apart)) / (treatment - control)) ** 2
}

/** Power of the same test at a given number of treatment units. */
export function proportionPower(design: ProportionDesign, units: number, alpha: number): number {
  const { control, treatment, controlsPerTreatment: r = 1 } = design
  requireOpenProbability(alpha, 'alpha')
  requireThat(units > 0, 'units must be positive')
  const pooled = (treatment + r * control) / (1 + r)
  const under = normalQuantile(1 - alpha / 2) * Math.sqrt((1 + 1 / r) * pooled * (1 - pooled))
  const apart = Math.sqrt(treatment * (1 - treatment) + (control * (1 - control)) / r)
  return normalCdf((Math.abs(treatment - control) * Math.sqrt(units) - under) / apart)
}

/** Difference of means to find, the standard deviations, and control units per treatment unit. */
export type MeanDesign = {
  difference: number
  treatmentDeviation: number
  controlDeviation: number
  controlsPerTreatment?: number
}

/** Treatment units needed for a two-sided test of two means: (z_a + z_b)^2 (s1^2 + s2^2/r) / d^2 (not rounded). */
export function meanSampleSize(design: MeanDesign, target: PowerTarget): number {
  const { difference, treatmentDeviation, controlDeviation, controlsPerTreatment: r = 1 } = design
  requireTarget(target)
  requireThat(difference !== 0 && r > 0, 'the difference must not be zero and the ratio must be positive')
  const z = normalQuantile(1 - target.alpha / 2) + normalQuantile(target.power)
  return (z * z * (treatmentDeviation ** 2 + controlDeviation ** 2 / r)) / difference ** 2
}

/** Traffic and error rates of a canary that is to be rolled back. */
export type CanaryDesign = { unitsPerSecond: number; share: number; baseRate: number; faultRate: number; alpha: number }

/**
 * Seconds until the canary e-process rolls a fault back, about: 1.15 times Wald's floor ln(1/alpha) over the growth rate
 * of the error-share likelihood ratio (Wald 1945; the factor is measured over traffic from 10 to 1000 a second).
 */
export function canarySecondsToRollback({ unitsPerSecond, share, baseRate, faultRate, alpha }: CanaryDesign): number {
  requireOpenProbability(share, 'share')
  requireOpenProbability(baseRate, 'baseRate')
  requireOpenProbability(faultRate, 'faultRate')
  requireOpenProbability(alpha, 'alpha')
  requireThat(faultRate > baseRate && unitsPerSecond > 0, 'faultRate must exceed baseRate and traffic must be positive')
  const badRate = share * faultRate + (1 - share) * baseRate
  const shifted = (share * faultRate) / badRate
  const divergence = shifted * Math.log(shifted / share) + (1 - shifted) * Math.log((1 - shifted) / (1 - share))
  return (1.15 * Math.log(1 / alpha)) / (unitsPerSecond * badRate * divergence)
}
