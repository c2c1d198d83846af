import { requireOpenProbability, requireThat, type Sample } from './sample.ts'

/** Corrections for judging many features at once. All return adjusted p-values in the order given. */
export type Correction = 'none' | 'bonferroni' | 'holm' | 'benjamini-hochberg' | 'benjamini-yekutieli'

function checked(pValues: Sample): Float64Array {
  const p = Float64Array.from(pValues)
  for (const value of p) requireThat(value >= 0 && value <= 1, `a p-value must lie in [0, 1], got ${value}`)
  return p
}

/** Indices by ascending p-value. */
function ascendingOrder(p: Float64Array): Uint32Array {
  return Uint32Array.from(p.keys()).sort((a, b) => (p[a] as number) - (p[b] as number))
}

/** Bonferroni (1936): min(1, m p). Controls the chance of any false alarm, under any dependence. */
export function bonferroni(pValues: Sample): Float64Array {
  const p = checked(pValues)
  return p.map((value) => Math.min(1, value * p.length))
}

/** Holm (1979), step-down: never weaker than Bonferroni, same guarantee. */
export function holm(pValues: Sample): Float64Array {
  const p = checked(pValues)
  const adjusted = new Float64Array(p.length)
  let running = 0
  ascendingOrder(p).forEach((index, rank) => {
    running = Math.max(running, (p[index] as number) * (p.length - rank))
    adjusted[index] = Math.min(1, running)
  })
  return adjusted
}

function stepUp(p: Float64Array, penalty: number): Float64Array {
  const adjusted = new Float64Array(p.length)
  const order = ascendingOrder(p)
  let running = 1
  for (let rank = p.length; rank >= 1; rank--) {
    const index = order[rank - 1] as number
    running = Math.min(running, ((p[index] as number) * p.length * penalty) / rank)
    adjusted[index] = running
  }
  return adjusted
}

/** Benjamini & Hochberg (1995): the expected share of false ones among the alarms, for independent or positively dependent tests. */
export function benjaminiHochberg(pValues: Sample): Float64Array {
  return stepUp(checked(pValues), 1)
}

/** Benjamini & Yekutieli (2001): the same under any dependence, at the price of the factor 1 + 1/2 + ... + 1/m. */
export function benjaminiYekutieli(pValues: Sample): Float64Array {
  const p = checked(pValues)
  let penalty = 0
  for (let i = 1; i <= p.length; i++) penalty += 1 / i
  return stepUp(p, penalty)
}

const CORRECTIONS = {
  none: checked,
  bonferroni,
  holm,
  'benjamini-hochberg': benjaminiHochberg,
  'benjamini-yekutieli': benjaminiYekutieli,
} as const satisfies Record<Correction, (p: Sample) => Float64Array>

/** Adjusted p-values by the named correction. A NaN p-value throws: an undefined test is not a test without drift. */
export function adjustPValues(pValues: Sample, correction: Correction): Float64Array {
  return CORRECTIONS[correction](pValues)
}

/** Whether p <= alpha. Throws on NaN: a test that could not be made must not read as "no drift". */
export function isSignificant(pValue: number, alpha: number): boolean {
  requireOpenProbability(alpha, 'alpha')
  requireThat(pValue >= 0 && pValue <= 1, `a p-value must lie in [0, 1], got ${pValue}`)
  return pValue <= alpha
}

/** What a person states instead of an alpha: how many false alarms a month they accept, and how often they look. */
export type FalseAlarmBudget = {
  falseAlarmsPerMonth: number
  /** Length of one window, hours. */
  windowHours: number
  /** Share of the budget that this family of windows may spend (1 h / 24 h / 7 d windows: 0.5, 0.25, 0.25). */
  share?: number
}

/**
 * The level q of one window, to be used with Benjamini-Hochberg over its features: budget / windows in 30 days. Where
 * nothing drifts, BH at q raises any alarm in a window with probability at most q, hence at most the budget a month.
 */
export function levelPerWindow({ falseAlarmsPerMonth, windowHours, share = 1 }: FalseAlarmBudget): number {
  requireThat(falseAlarmsPerMonth > 0, `falseAlarmsPerMonth must be positive, got ${falseAlarmsPerMonth}`)
  requireThat(windowHours > 0, `windowHours must be positive, got ${windowHours}`)
  requireThat(share > 0 && share <= 1, `share must lie in (0, 1], got ${share}`)
  return Math.min(1, (falseAlarmsPerMonth * share * windowHours) / 720)
}
