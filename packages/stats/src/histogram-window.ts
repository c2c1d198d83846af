import { binFinder, countSlots } from './bin-finder.ts'
import type { QuantileBins } from './quantile-bins.ts'
import { requireThat, type Sample } from './sample.ts'

/**
 * Counts of one window over {@link QuantileBins}: slot 2b is the open interval below edge b, slot 2b+1 the edge itself,
 * the last slot everything above. Windows of the same bins merge by adding. NaN is counted apart, never dropped.
 */
export type HistogramWindow = { slots: Float64Array; total: number; nan: number }

/** A window that has counted nothing. */
export function emptyWindow(bins: QuantileBins): HistogramWindow {
  return { slots: new Float64Array(2 * bins.edges.length + 1), total: 0, nan: 0 }
}

/** Adds two windows of the same bins, as a new window: the sum is what one window over both data would hold. */
export function mergeWindows(a: HistogramWindow, b: HistogramWindow): HistogramWindow {
  requireThat(a.slots.length === b.slots.length, 'windows of different bins cannot be merged')
  const slots = a.slots.map((count, i) => count + (b.slots[i] as number))
  return { slots, total: a.total + b.total, nan: a.nan + b.nan }
}

/** Takes an earlier window's counts out again, as a new window: for sliding over panes. Throws where it was never in. */
export function subtractWindow(whole: HistogramWindow, part: HistogramWindow): HistogramWindow {
  requireThat(whole.slots.length === part.slots.length, 'windows of different bins cannot be subtracted')
  const slots = whole.slots.map((count, i) => count - (part.slots[i] as number))
  requireThat(
    slots.every((count) => count >= 0),
    'the part holds rows that the whole does not',
  )
  return { slots, total: whole.total - part.total, nan: whole.nan - part.nan }
}

/** Counts values into windows over one set of bins. Make it once per reference; adding costs some tens of ns a row. */
export type HistogramCounter = { bins: QuantileBins; add: (window: HistogramWindow, values: Sample) => void }

/** A counter for the bins. */
export function histogramCounter(bins: QuantileBins): HistogramCounter {
  const finder = binFinder(bins.edges)
  const add = (window: HistogramWindow, values: Sample) => {
    const nan = countSlots(finder, values, window.slots)
    window.nan += nan
    window.total += values.length - nan
  }
  return { bins, add }
}

/** Exact D lies in [low, high]; `location` is the edge of the largest gap that is certain. */
export type DistanceBounds = { low: number; high: number; location: number; sign: number }

const UNDEFINED_BOUNDS: DistanceBounds = { low: Number.NaN, high: Number.NaN, location: Number.NaN, sign: Number.NaN }

/**
 * Hard bounds on the two-sample distance D between reference and window. At an edge, and just below it, both
 * distribution functions are known exactly: their largest gap is `low`. Between two edges both functions rise from one
 * known value to another, so no gap there exceeds max(F_right - W_left, W_right - F_left): the largest is `high`.
 * high - low is about 1/K. NaN for a window without values: look at `total` and `nan` first.
 */
export function distanceBounds(bins: QuantileBins, window: HistogramWindow): DistanceBounds {
  requireThat(window.slots.length === 2 * bins.edges.length + 1, 'the window belongs to other bins')
  if (window.total === 0) return UNDEFINED_BOUNDS
  const { edges, below, upTo } = bins
  let seen = 0
  let reference = 0
  let current = 0
  const best = { low: 0, high: 0, location: edges[0] as number, sign: 1 }
  for (let b = 0; b < edges.length; b++) {
    const referenceLeft = reference
    const currentLeft = current
    reference = below[b] as number
    seen += window.slots[2 * b] as number
    current = seen / window.total
    best.high = Math.max(best.high, reference - currentLeft, current - referenceLeft)
    raiseLow(best, reference - current, edges[b] as number)
    reference = upTo[b] as number
    seen += window.slots[2 * b + 1] as number
    current = seen / window.total
    raiseLow(best, reference - current, edges[b] as number)
  }
  best.high = Math.max(best.high, best.low)
  return best
}

function raiseLow(best: DistanceBounds, gap: number, location: number): void {
  const size = Math.abs(gap)
  if (size <= best.low) return
  best.low = size
  best.location = location
  best.sign = gap > 0 ? 1 : -1
}
