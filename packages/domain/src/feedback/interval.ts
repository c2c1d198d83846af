/** Wilson's score interval for a proportion (1927): keeps its coverage near 0 and 1 where the usual one fails. */

export type Interval = { estimate: number; low: number; high: number }

const Z_95 = 1.959963984540054

/** Interval for `successes` of `trials`; null when there were no trials. `z` defaults to 95 %. */
export function wilsonInterval(successes: number, trials: number, z = Z_95): Interval | null {
  if (!(trials > 0)) return null
  const estimate = successes / trials
  const square = z * z
  const centre = (estimate + square / (2 * trials)) / (1 + square / trials)
  const half =
    (z / (1 + square / trials)) * Math.sqrt((estimate * (1 - estimate)) / trials + square / (4 * trials * trials))
  return { estimate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
