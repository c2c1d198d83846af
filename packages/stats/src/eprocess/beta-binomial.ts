import { requireCount, requireOpenProbability, requireThat } from '../sample.ts'
import { betaCdf, betaSf } from '../special/beta.ts'
import { devianceTerm, stirlingError, TWO_PI } from '../special/gamma.ts'

/** Prior Beta(a, b) over the unknown rate; a/(a+b) is where the alternative is expected, a+b how sure of it. */
export type BetaPrior = { a: number; b: number }

/** `bad` of `total`, tested against the rate theta0. */
export type RateEvidence = { bad: number; total: number; theta0: number; prior: BetaPrior }

/** ln [B(a, b) / (theta^a (1-theta)^b)] as deviances, so that large counts do not cancel. */
function logBetaOverPower({ a, b }: BetaPrior, theta: number): number {
  const n = a + b
  const deviance = devianceTerm(a, n * theta) + devianceTerm(b, n * (1 - theta))
  const corrections = stirlingError(a) + stirlingError(b) - stirlingError(n)
  return deviance + corrections + 0.5 * Math.log((TWO_PI * n) / (a * b))
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
  requireCount(bad, 'bad')
  requireCount(total, 'total')
  requireThat(bad <= total, 'bad must not exceed total')
  requireOpenProbability(theta0, 'theta0')
  requireThat(prior.a > 0 && prior.b > 0, 'the prior needs a > 0 and b > 0')
  const posterior = { a: prior.a + bad, b: prior.b + total - bad }
  const both = logBetaOverPower(posterior, theta0) - logBetaOverPower(prior, theta0)
  if (alternative === 'two-sided') return both
  const mass = alternative === 'greater' ? betaSf : betaCdf
  return both + Math.log(mass(theta0, posterior.a, posterior.b) / mass(theta0, prior.a, prior.b))
}
