import { requireOpenProbability, requireThat } from '../sample.ts'

/** z = estimate / standard error after n observations; rho2 = prior variance in units of one observation's variance. */
export type NormalEvidence = { z: number; n: number; rho2: number }

/**
 * ln e-value of the normal mixture (Robbins 1970; Johari et al. 2017, "Peeking at A/B Tests"):
 * rho2 n z^2 / (2 (1 + n rho2)) - ln(1 + n rho2)/2. Asymptotic: wants 100 observations a side before the first look.
 */
export function normalMixtureLogEvidence({ z, n, rho2 }: NormalEvidence): number {
  requireThat(n >= 0 && rho2 > 0, 'n must be >= 0 and rho2 positive')
  const spread = n * rho2
  return (spread * z * z) / (2 * (1 + spread)) - 0.5 * Math.log1p(spread)
}

/** Standard error of the estimate after n observations, and the n at which the sequence shall be tightest. */
export type ConfidenceSequenceInput = { standardError: number; n: number; tightestAt: number; alpha: number }

/** rho^2 that makes the sequence tightest at N* (Waudby-Smith et al. 2021, arXiv:2103.06476, eq. 5). */
export function mixtureVarianceFor(tightestAt: number, alpha: number): number {
  requireOpenProbability(alpha, 'alpha')
  requireThat(tightestAt > 0, 'tightestAt must be positive')
  const l = -2 * Math.log(alpha)
  return (l + Math.log(l + 1)) / tightestAt
}

/**
 * Half width of the two-sided asymptotic confidence sequence (Waudby-Smith et al. 2021; the form GrowthBook uses):
 * estimate +- half width covers at all n at once with probability 1 - alpha, in the limit.
 */
export function confidenceSequenceHalfWidth(input: ConfidenceSequenceInput): number {
  const { standardError, n, alpha } = input
  requireThat(standardError >= 0 && n > 0, 'standardError must be >= 0 and n positive')
  const rho2 = mixtureVarianceFor(input.tightestAt, alpha)
  const spread = n * rho2 + 1
  const squared = ((2 * spread) / (n * n * rho2)) * Math.log(Math.sqrt(spread) / alpha)
  return standardError * Math.sqrt(n) * Math.sqrt(squared)
}
