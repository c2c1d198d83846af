import { lowerBound } from './quantile-bins.ts'

/** Slot of a value: 2b below edge b, 2b+1 on it, 2k above the last; -1 for NaN. */
export type BinFinder = (value: number) => number

const CELLS_PER_EDGE = 4

/**
 * A guide table (Chen & Asau 1974): equal cells over the central edges, each knowing between which two edges its values
 * lie, so that a short search is left. The outer hundredths are cut off so that one far outlier does not flatten it.
 */
export function binFinder(edges: Float64Array): BinFinder {
  const k = edges.length
  const cut = Math.floor(k / 100)
  const start = edges[cut] as number
  const end = edges[k - 1 - cut] as number
  const cells = CELLS_PER_EDGE * k
  const scale = cells / (end - start)
  const usable = Number.isFinite(scale) && scale > 0
  const first = new Int32Array(cells + 1)
  for (let c = 0; usable && c <= cells; c++) first[c] = lowerBound(edges, start + c / scale)
  return (value) => {
    let low = 0
    let high = k
    if (usable && value >= start && value < end) {
      const cell = ((value - start) * scale) | 0
      low = Math.max(0, (first[cell] as number) - 1)
      high = Math.min(k, (first[cell + 1] ?? k) + 1)
    } else if (Number.isNaN(value)) return -1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((edges[middle] as number) < value) low = middle + 1
      else high = middle
    }
    return low < k && edges[low] === value ? 2 * low + 1 : 2 * low
  }
}
