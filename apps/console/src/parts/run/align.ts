import type { ChartSeries as Curve } from '@modelyard/contracts'
import type { SeriesLook } from '@modelyard/ui'
import type { ChartRange, ChartSeries } from '@modelyard/ui/time-chart'
import { type ChartView, smoothed, type XAxis } from './chart-view.ts'

export type Curves = { x: number[]; series: ChartSeries[] }
export type Line = {
  key: string
  label: string
  look: SeriesLook
  curve: Curve
  /** When its run began, in milliseconds since 1970; null where nobody knows. */
  beganAtMs: number | null
}

/** Where each bucket of a curve stands on an axis: its step, or seconds since 1970 or since the run began. */
export function placesOf({ curve, beganAtMs }: Pick<Line, 'curve' | 'beganAtMs'>, axis: XAxis): number[] {
  if (axis === 'step') return curve.steps
  if (axis === 'time') return curve.atMs.map((at) => at / 1_000)
  // A clock of a client may run behind the server's: no point lies before its run.
  const first = curve.atMs.reduce((least, at) => Math.min(least, at), beganAtMs ?? Number.POSITIVE_INFINITY)
  return curve.atMs.map((at) => (at - first) / 1_000)
}

/**
 * Curves on the union of their places, as a plot takes them, within a frame where there is one; where a curve has no
 * point, its line goes on to the next.
 */
export function align(lines: readonly Line[], view: ChartView, frame: ChartRange | null = null): Curves {
  const within = (place: number) => frame === null || (place >= frame.from && place <= frame.to)
  const places = lines.map((line) => placesOf(line, view.x))
  const x = [...new Set(places.flat().filter(within))].toSorted((a, b) => a - b)
  const at = new Map(x.map((place, index) => [place, index]))
  const series = lines.map(({ key, label, look, curve }, index) => {
    const slots = (places[index] ?? []).map((place) => at.get(place) ?? -1)
    const put = (values: readonly (number | null)[], join: Join) => placed(values, { slots, length: x.length, join })
    const values = put(curve.last, newest)
    // A band says that a place holds more than one point; without that it would only repeat the line.
    const crowded = curve.points > new Set(slots).size
    const band = crowded ? { low: put(curve.min, lower), high: put(curve.max, higher) } : {}
    const smooth = view.smooth === 0 ? {} : { smoothed: smoothed(values, view.smooth) }
    return { key, label, ...look, values, ...band, ...smooth }
  })
  return { x, series }
}

type Join = (before: number, value: number) => number
const newest: Join = (_before, value) => value
const lower: Join = Math.min
const higher: Join = Math.max

/** Values in their slots; those that share one, because they were logged in one millisecond, are joined. */
function placed(
  values: readonly (number | null)[],
  { slots, length, join }: { slots: readonly number[]; length: number; join: Join },
): (number | null)[] {
  const row = new Array<number | null | undefined>(length)
  slots.forEach((slot, index) => {
    if (slot < 0) return
    const [before, value] = [row[slot], values[index] ?? null]
    row[slot] = typeof before === 'number' && value !== null ? join(before, value) : value
  })
  return row as (number | null)[]
}

/** The steps that a frame on any axis holds, over all lines; null where it holds none of them. */
export function stepsWithin(
  lines: readonly Line[],
  axis: XAxis,
  frame: ChartRange,
): { from: number; to: number } | null {
  if (axis === 'step') return { from: Math.floor(frame.from), to: Math.ceil(frame.to) }
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const line of lines) {
    placesOf(line, axis).forEach((place, index) => {
      // A bucket is known by its newest point: its older ones belong to the frame of the bucket before.
      if (place < frame.from || place > frame.to) return
      from = Math.min(
        from,
        (line.curve.steps[index - 1] ?? Number.NEGATIVE_INFINITY) + 1,
        line.curve.steps[index] ?? from,
      )
      to = Math.max(to, line.curve.steps[index] ?? to)
    })
  }
  if (to < from) return null
  return { from: Math.max(from, Number.MIN_SAFE_INTEGER), to }
}
