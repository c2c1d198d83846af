import { requireCount, requireThat } from '../sample.ts'

/**
 * One interval of time (or one routing segment) of a canary: how many units each side served and how many were bad.
 * Units must be independent (users, sessions, traces), not requests: bursts of errors raise false rollbacks.
 */
export type Stratum = { canaryUnits: number; controlUnits: number; canaryBad: number; controlBad: number }

/** Throws where the counts of a stratum contradict each other. */
export function requireStratum({ canaryUnits, controlUnits, canaryBad, controlBad }: Stratum): void {
  requireCount(canaryUnits, 'canaryUnits')
  requireCount(controlUnits, 'controlUnits')
  requireCount(canaryBad, 'canaryBad')
  requireCount(controlBad, 'controlBad')
  requireThat(canaryBad <= canaryUnits, 'canaryBad must not exceed canaryUnits')
  requireThat(controlBad <= controlUnits, 'controlBad must not exceed controlUnits')
}

const RESCALE_ABOVE = 1e200

/**
 * ln of sum_k [w(k)/w(from)] psi^(k-from) over one side of `from`, `from` itself excluded, and -Infinity for none.
 * Neighbouring weights of C(Nc,k) C(Nt,E-k) differ by a ratio, so nothing is ever large minus large.
 */
function logSideSum(stratum: Stratum, psi: number, step: 1 | -1): number {
  const { canaryUnits: nc, controlUnits: nt, canaryBad, controlBad } = stratum
  const bad = canaryBad + controlBad
  let k = canaryBad
  let term = 1
  let sum = 0
  let scale = 0
  for (;;) {
    const up = (nc - k) * (bad - k)
    const down = k * (nt - bad + k)
    const ratio = step === 1 ? (up / ((k + 1) * (nt - bad + k + 1))) * psi : down / ((nc - k + 1) * (bad - k + 1) * psi)
    if (!(ratio > 0)) break
    term *= ratio
    sum += term
    k += step
    if (ratio < 1 && term < sum * 1e-18) break
    if (sum > RESCALE_ABOVE) {
      scale += Math.log(sum)
      term /= sum
      sum = 1
    }
  }
  return sum === 0 ? Number.NEGATIVE_INFINITY : Math.log(sum) + scale
}

/** ln(1 + e^a + e^b). */
function logOnePlus(a: number, b: number): number {
  const top = Math.max(0, a, b)
  return top === 0
    ? Math.log1p(Math.exp(a) + Math.exp(b))
    : top + Math.log(Math.exp(-top) + Math.exp(a - top) + Math.exp(b - top))
}

function logNormaliser(stratum: Stratum, psi: number): number {
  return logOnePlus(logSideSum(stratum, psi, 1), logSideSum(stratum, psi, -1))
}

/** An alternative odds ratio against the largest one still tolerated. */
export type OddsRatios = { psi: number; psi0: number }

/**
 * ln of the likelihood ratio of odds ratio psi against psi0 in one stratum, given both margins (Fisher's noncentral
 * hypergeometric law): L(psi)/L(psi0), L(psi) = psi^Kc sum w(k) / sum w(k) psi^k, w(k) = C(Nc,k) C(Nt,E-k).
 * Has expectation 1 at psi0 and at most 1 on the far side of it, whatever the base rate of the stratum.
 * Absolute error about 1e-13; a stratum without bad units or with one side empty gives 0.
 */
export function oddsRatioLogEvidence(stratum: Stratum, { psi, psi0 }: OddsRatios): number {
  requireStratum(stratum)
  requireThat(psi > 0 && psi0 > 0, 'odds ratios must be positive')
  return logNormaliser(stratum, psi0) - logNormaliser(stratum, psi)
}
