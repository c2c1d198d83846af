import { requireOpenProbability, requireThat } from '../sample.ts'

/** ln of the mean of e^x: how e-values that share a hypothesis or a budget are averaged, whatever their dependence. */
export function logMeanExp(logs: readonly number[]): number {
  return logWeightedMeanExp(
    logs,
    logs.map(() => 1),
  )
}

/** The same with weights >= 0, which are normalised. */
export function logWeightedMeanExp(logs: readonly number[], weights: readonly number[]): number {
  requireThat(logs.length > 0 && logs.length === weights.length, 'logs and weights must pair up, one or more')
  const top = Math.max(...logs)
  if (!Number.isFinite(top)) return top
  let sum = 0
  let total = 0
  logs.forEach((log, i) => {
    const weight = weights[i] as number
    sum += weight * Math.exp(log - top)
    total += weight
  })
  return top + Math.log(sum / total)
}

/** Whether evidence ever reached 1/alpha: the anytime-valid rejection of Ville's inequality (1939). */
export function rejectsAnytime(maxLogE: number, alpha: number): boolean {
  requireOpenProbability(alpha, 'alpha')
  requireThat(!Number.isNaN(maxLogE), 'evidence is not a number')
  return maxLogE >= -Math.log(alpha)
}

/** Anytime-valid p-value min(1, 1 / largest e-value so far). */
export function anytimePValue(maxLogE: number): number {
  requireThat(!Number.isNaN(maxLogE), 'evidence is not a number')
  return Math.min(1, Math.exp(-maxLogE))
}
