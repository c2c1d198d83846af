import { LATENCY_BOUNDS_MS } from '@modelyard/contracts'

/** Requests per bucket of LATENCY_BOUNDS_MS, then the rest; not cumulative. */
export type LatencyHistogram = readonly number[]

export const emptyHistogram = (): number[] => new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0)

export function addHistograms(left: LatencyHistogram, right: LatencyHistogram): number[] {
  return left.map((count, index) => count + (right[index] ?? 0))
}

/**
 * Latency in ms below which the share `q` of the requests stayed, linear inside its bucket; null without requests.
 * Beyond the last bound nothing finer is known than that bound.
 */
export function latencyQuantile(histogram: LatencyHistogram, q: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = q * total
  let below = 0
  for (const [index, bound] of LATENCY_BOUNDS_MS.entries()) {
    const count = histogram[index] ?? 0
    if (count > 0 && below + count >= rank) {
      const floor = LATENCY_BOUNDS_MS[index - 1] ?? 0
      return floor + (bound - floor) * Math.max(0, (rank - below) / count)
    }
    below += count
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null
}

/** Requests slower than a bound, which must be one of LATENCY_BOUNDS_MS. */
export function slowerThan(histogram: LatencyHistogram, boundMs: number): number {
  return histogram.reduce(
    (sum, count, index) => sum + ((LATENCY_BOUNDS_MS[index] ?? Infinity) > boundMs ? count : 0),
    0,
  )
}
