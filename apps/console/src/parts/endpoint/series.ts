import type { TrafficPoint } from '@modelyard/contracts'
import type { z } from 'zod'

type Point = z.infer<typeof TrafficPoint>

export type TrafficSeries = {
  /** Seconds since the epoch, ascending. */
  x: number[]
  variants: number[]
  requestsPerSecond: Map<number, (number | null)[]>
  errorRatio: Map<number, (number | null)[]>
  p50: (number | null)[]
  p95: (number | null)[]
  p99: (number | null)[]
}

/** The width of the buckets: the smallest distance between two instants. */
function bucketSeconds(x: number[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let index = 1; index < x.length; index++) least = Math.min(least, (x[index] ?? 0) - (x[index - 1] ?? 0))
  return Number.isFinite(least) && least > 0 ? least : 1
}

/** The variant that took most requests of a bucket speaks for its latency: percentiles cannot be averaged. */
function largest(points: Point[]): Point | undefined {
  return points.toSorted((a, b) => b.requests - a.requests)[0]
}

/**
 * Points per variant as columns on one time axis. A bucket without a variant's requests is no traffic for the rate,
 * and unknown for its ratios; a bucket nobody reported at all is a gap.
 */
export function toSeries(points: Point[]): TrafficSeries {
  const byTime = new Map<number, Point[]>()
  for (const point of points) {
    const at = Date.parse(point.at) / 1000
    byTime.set(at, [...(byTime.get(at) ?? []), point])
  }
  const known = [...byTime.keys()].toSorted((a, b) => a - b)
  const width = bucketSeconds(known)
  // An instant between two distant buckets draws the silence as a gap instead of a line across it.
  const x = known.flatMap((at, index) => {
    const next = known[index + 1]
    return next !== undefined && next - at > width * 3 ? [at, at + width] : [at]
  })
  const variants = [...new Set(points.map((point) => point.variant))].toSorted((a, b) => a - b)
  const column = (read: (point: Point) => number | null) =>
    new Map(
      variants.map((variant) => [
        variant,
        x.map((at) => {
          const point = byTime.get(at)?.find((item) => item.variant === variant)
          return point === undefined ? null : read(point)
        }),
      ]),
    )
  const latency = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') => x.map((at) => largest(byTime.get(at) ?? [])?.[key] ?? null)
  return {
    x,
    variants,
    requestsPerSecond: column((point) => point.requests / width),
    errorRatio: column((point) => (point.requests === 0 ? null : point.errors / point.requests)),
    p50: latency('p50Ms'),
    p95: latency('p95Ms'),
    p99: latency('p99Ms'),
  }
}
