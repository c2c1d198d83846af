import { type BothGaps, bothGaps, chooseGap, type KsGap, lower, noHigh, noLow, raise } from './ks-extrema.ts'
import type { Alternative, Sample } from './sample.ts'

/** First index after the run of equal values that starts at `from`; -0 equals 0. */
function endOfRun(values: Sample, from: number): number {
  const value = values[from]
  let i = from + 1
  while (i < values.length && values[i] === value) i++
  return i
}

/** Negative where x comes first, positive where y does, 0 where both do. One of them may have ended. */
function compareHeads(x: number | undefined, y: number | undefined): number {
  if (x === undefined || y === undefined) return x === undefined ? 1 : -1
  return x < y ? -1 : x > y ? 1 : 0
}

/** Walks two ascending samples without NaN once, both non-empty; infinities are ordinary values. */
function sortedGaps(x: Sample, y: Sample): BothGaps {
  const n1 = x.length
  const n2 = y.length
  const sizes = { n1, n2 }
  const atX = { high: noHigh(), low: noLow() }
  const atY = { high: noHigh(), low: noLow() }
  let i = 0
  let j = 0
  while (i < n1 || j < n2) {
    const first = compareHeads(i < n1 ? x[i] : undefined, j < n2 ? y[j] : undefined)
    const location = (first <= 0 ? x[i] : y[j]) as number
    if (first <= 0) i = endOfRun(x, i)
    if (first >= 0) j = endOfRun(y, j)
    const gap = i * n2 - j * n1
    const at = first <= 0 ? atX : atY
    if (gap >= at.high.gap) raise(at.high, { i, j, location }, sizes)
    if (gap <= at.low.gap) lower(at.low, { i, j, location }, sizes)
  }
  return bothGaps(atX, atY)
}

/**
 * The two-sample Kolmogorov-Smirnov distance of two ascending samples without NaN, both non-empty.
 * "greater" is max(F_x - F_y), "less" max(F_y - F_x).
 */
export function ksGap(x: Sample, y: Sample, alternative: Alternative = 'two-sided'): KsGap {
  return chooseGap(sortedGaps(x, y), alternative)
}
