import { binomialTest } from '../proportions.ts'
import { requireCount } from '../sample.ts'

/** Rows that only the first model got right, and rows that only the second did. */
export type Discordance = { onlyFirst: number; onlySecond: number }

/**
 * McNemar's exact test of two classifiers on the same rows (McNemar 1947; exact form: binomial with p = 1/2 over the
 * discordant rows). Two-sided p; 1 where they never disagree.
 */
export function mcnemarTest({ onlyFirst, onlySecond }: Discordance): number {
  requireCount(onlyFirst, 'onlyFirst')
  requireCount(onlySecond, 'onlySecond')
  const total = onlyFirst + onlySecond
  return total === 0 ? 1 : binomialTest({ successes: onlyFirst, total }, 0.5)
}
