import type { Alternative, Sample } from './sample.ts'

/** Largest gap between two empirical distribution functions: where it is, and which function is above there. */
export type KsGap = { distance: number; location: number; sign: 1 | -1 }

type Extremum = { gap: number; location: number }

type Extrema = { high: Extremum; low: Extremum }

function betterHigh(a: Extremum, b: Extremum): Extremum {
  return b.gap > a.gap ? b : a
}

function betterLow(a: Extremum, b: Extremum): Extremum {
  return b.gap < a.gap ? b : a
}

/**
 * Walks both sorted samples once. Points of x and of y are tracked apart because scipy reports the first extremum of
 * [sorted x, sorted y]; gaps are formed as fl(i/n1) - fl(j/n2), again as scipy does, so that equal gaps tie alike.
 */
function extrema(x: Sample, y: Sample): Extrema {
  const n1 = x.length
  const n2 = y.length
  const none = { gap: Number.NaN, location: Number.NaN }
  const at = { xHigh: none, xLow: none, yHigh: none, yLow: none }
  let i = 0
  let j = 0
  while (i < n1 || j < n2) {
    const xi = i < n1 ? (x[i] as number) : Number.POSITIVE_INFINITY
    const yj = j < n2 ? (y[j] as number) : Number.POSITIVE_INFINITY
    const value = Math.min(xi, yj)
    const i0 = i
    const j0 = j
    while (i < n1 && (x[i] as number) <= value) i++
    while (j < n2 && (y[j] as number) <= value) j++
    const gap = i / n1 - j / n2
    if (i > i0) {
      if (!(gap <= at.xHigh.gap)) at.xHigh = { gap, location: xi }
      if (!(gap >= at.xLow.gap)) at.xLow = { gap, location: xi }
    }
    if (j > j0) {
      if (!(gap <= at.yHigh.gap)) at.yHigh = { gap, location: yj }
      if (!(gap >= at.yLow.gap)) at.yLow = { gap, location: yj }
    }
  }
  return { high: betterHigh(at.xHigh, at.yHigh), low: betterLow(at.xLow, at.yLow) }
}

function clip(gap: number): number {
  return gap < 0 ? 0 : gap > 1 ? 1 : gap
}

/**
 * The two-sample Kolmogorov-Smirnov distance of two ascending samples without NaN, both non-empty.
 * "greater" is max(F_x - F_y), "less" max(F_y - F_x); -0 equals 0, infinities are ordinary values.
 */
export function ksGap(x: Sample, y: Sample, alternative: Alternative = 'two-sided'): KsGap {
  const { high, low } = extrema(x, y)
  const above = { distance: clip(high.gap), location: high.location, sign: 1 as const }
  const below = { distance: clip(-low.gap), location: low.location, sign: -1 as const }
  if (alternative === 'greater') return above
  if (alternative === 'less') return below
  return below.distance > above.distance ? below : above
}
