/** A proportion with its interval. */
import { wilsonInterval } from '@modelyard/stats'

export type ProportionEstimate = { estimate: number; low: number; high: number }

/** Estimate with Wilson's 95 % interval; null when there were no trials. */
export function estimateProportion(successes: number, trials: number): ProportionEstimate | null {
  if (trials === 0) return null
  return { estimate: successes / trials, ...wilsonInterval({ successes, total: trials }) }
}
