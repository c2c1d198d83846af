/**
 * Exact stratified 2x2 likelihood ratio, conditional on each stratum's margins: given how many units were bad in both
 * arms together, how likely is it that so many of them are the canary's, under odds ratio psi? Nuisance error rates,
 * their changes over time and changes of the traffic share all cancel. See docs/statistics.md.
 */

/** One stratum (a second of traffic): units and bad units of the canary and of stable. */
export type Stratum = { canaryUnits: number; canaryBad: number; stableUnits: number; stableBad: number }

/**
 * Log of psi^k over the sum of w(j) psi^j, with weights scaled so that the largest is 1; the scale cancels in ratios.
 */
export function conditionalLogLikelihoods(stratum: Stratum, oddsRatios: readonly number[]): number[] {
  const { canaryUnits, canaryBad, stableUnits, stableBad } = stratum
  const bad = canaryBad + stableBad
  const least = Math.max(0, bad - stableUnits)
  const most = Math.min(canaryUnits, bad)
  if (least === most) return oddsRatios.map(() => 0)
  const logWeights = new Float64Array(most - least + 1)
  let highest = 0
  for (let k = least; k < most; k++) {
    const step = Math.log(((canaryUnits - k) * (bad - k)) / ((k + 1) * (stableUnits - bad + k + 1)))
    const next = (logWeights[k - least] ?? 0) + step
    logWeights[k + 1 - least] = next
    highest = Math.max(highest, next)
  }
  return oddsRatios.map((psi) => {
    const logPsi = Math.log(psi)
    const top = highest + Math.max(0, logPsi) * (most - least)
    let sum = 0
    for (let index = 0; index < logWeights.length; index++)
      sum += Math.exp((logWeights[index] ?? 0) + index * logPsi - top)
    return (canaryBad - least) * logPsi - top - Math.log(sum)
  })
}

/** Log of the mean of exp(values), without overflow. */
export function logMeanExp(values: readonly number[]): number {
  const highest = Math.max(...values)
  if (!Number.isFinite(highest)) return highest
  let sum = 0
  for (const value of values) sum += Math.exp(value - highest)
  return highest + Math.log(sum / values.length)
}
