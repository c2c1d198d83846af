import type { Interval } from '../proportions.ts'
import { requireCount, requireOpenProbability, requireThat } from '../sample.ts'
import { logBetaCdf, logBetaSf } from '../special/beta.ts'
import { logBetaOverPowers } from './dirichlet.ts'

/** Prior Beta(a, b) over the unknown rate; a/(a+b) is where the alternative is expected, a+b how sure of it. */
export type BetaPrior = { a: number; b: number }

/** `bad` of `total`, tested against the rate theta0. */
export type RateEvidence = { bad: number; total: number; theta0: number; prior: BetaPrior }

function logMixture({ a, b }: BetaPrior, theta: number): number {
  return logBetaOverPowers([a, b], [theta, 1 - theta])
}

function requireRate({ bad, total, prior }: Omit<RateEvidence, 'theta0'>): void {
  requireCount(bad, 'bad')
  requireCount(total, 'total')
  requireThat(bad <= total, 'bad must not exceed total')
  requireThat(prior.a > 0 && prior.b > 0, 'the prior needs a > 0 and b > 0')
}

/**
 * ln e-value of the beta-binomial mixture against H0: rate = theta0 (Robbins 1970): B(a+k, b+n-k)/B(a, b) over
 * theta0^k (1-theta0)^(n-k). `greater` / `less` restrict the mixture to rates above / below theta0, which makes it valid
 * for H0: rate <= theta0 / rate >= theta0. Absolute error about 1e-13.
 */
export function betaBinomialLogEvidence(
  { bad, total, theta0, prior }: RateEvidence,
  alternative: 'two-sided' | 'greater' | 'less' = 'two-sided',
): number {
  requireRate({ bad, total, prior })
  requireOpenProbability(theta0, 'theta0')
  const posterior = { a: prior.a + bad, b: prior.b + total - bad }
  const both = logMixture(posterior, theta0) - logMixture(prior, theta0)
  if (alternative === 'two-sided') return both
  const logMass = alternative === 'greater' ? logBetaSf : logBetaCdf
  return both + logMass(theta0, posterior.a, posterior.b) - logMass(theta0, prior.a, prior.b)
}

/** Bad units so far, the prior of the mixture and the level. */
export type RateSequence = { bad: number; total: number; prior: BetaPrior; alpha: number }

/**
 * Confidence sequence for a rate: all theta that the beta-binomial e-process has not rejected. Covers at every moment at
 * once with probability 1 - alpha (Robbins 1970), so it may be looked at as often as one likes.
 */
export function rateConfidenceSequence({ bad, total, prior, alpha }: RateSequence): Interval {
  requireRate({ bad, total, prior })
  requireOpenProbability(alpha, 'alpha')
  const limit = -Math.log(alpha)
  const posterior = { a: prior.a + bad, b: prior.b + total - bad }
  const rejected = (theta: number) => logMixture(posterior, theta) - logMixture(prior, theta) >= limit
  const peak = total === 0 ? 0.5 : bad / total
  return {
    low: bad === 0 ? 0 : lastRejected(rejected, 0, peak),
    high: bad === total ? 1 : lastRejected(rejected, 1, peak),
  }
}

/** The border between rejected values (from `outer` inwards) and kept ones (from `inner` outwards), by bisection. */
function lastRejected(rejected: (theta: number) => boolean, outer: number, inner: number): number {
  let out = outer
  let inside = inner
  for (let i = 0; i < 100 && Math.abs(out - inside) > 1e-15; i++) {
    const middle = (out + inside) / 2
    if (rejected(middle)) out = middle
    else inside = middle
  }
  return out
}
