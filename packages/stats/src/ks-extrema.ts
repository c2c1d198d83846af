import type { Alternative } from './sample.ts'

/** Largest gap between two empirical distribution functions: where it is, and which function is above there. */
export type KsGap = { distance: number; location: number; sign: 1 | -1 }

/** Extremum so far of F_x - F_y: as the exact integer i n2 - j n1, as scipy's rounded difference, and where. */
export type Extremum = { gap: number; value: number; location: number }

/** Sizes of the two samples. */
export type Sizes = { n1: number; n2: number }

/** A highest gap that any real one beats. */
export function noHigh(): Extremum {
  return { gap: Number.NEGATIVE_INFINITY, value: Number.NEGATIVE_INFINITY, location: Number.NaN }
}

/** A lowest gap that any real one beats. */
export function noLow(): Extremum {
  return { gap: Number.POSITIVE_INFINITY, value: Number.POSITIVE_INFINITY, location: Number.NaN }
}

/**
 * Takes the gap after i values of x and j of y if it is larger. Call only where i n2 - j n1 >= best.gap: among equal
 * integers fl(i/n1) - fl(j/n2) decides, because scipy's choice of the first extremum depends on that rounding.
 */
export function raise(best: Extremum, at: { i: number; j: number; location: number }, { n1, n2 }: Sizes): void {
  const gap = at.i * n2 - at.j * n1
  const value = at.i / n1 - at.j / n2
  if (gap <= best.gap && value <= best.value) return
  best.gap = gap
  best.value = value
  best.location = at.location
}

/** The mirror image of {@link raise}, for the lowest gap. */
export function lower(best: Extremum, at: { i: number; j: number; location: number }, { n1, n2 }: Sizes): void {
  const gap = at.i * n2 - at.j * n1
  const value = at.i / n1 - at.j / n2
  if (gap >= best.gap && value >= best.value) return
  best.gap = gap
  best.value = value
  best.location = at.location
}

/** D+ and D-: the gap where F_x is furthest above F_y, and where it is furthest below. */
export type BothGaps = { above: KsGap; below: KsGap }

/** Gaps from the extrema at the points of x and of y; scipy reports the first of [sorted x, sorted y], so x wins ties. */
export function bothGaps(x: { high: Extremum; low: Extremum }, y: { high: Extremum; low: Extremum }): BothGaps {
  const high = y.high.value > x.high.value ? y.high : x.high
  const low = y.low.value < x.low.value ? y.low : x.low
  return {
    above: { distance: Math.min(1, Math.max(0, high.value)), location: high.location, sign: 1 },
    below: { distance: Math.min(1, Math.max(0, -low.value)), location: low.location, sign: -1 },
  }
}

/** The gap that the alternative asks for; two-sided takes the larger one, D+ on equality (scipy's sign). */
export function chooseGap({ above, below }: BothGaps, alternative: Alternative): KsGap {
  if (alternative === 'greater') return above
  if (alternative === 'less') return below
  return below.distance > above.distance ? below : above
}
