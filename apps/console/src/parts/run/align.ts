import type { ChartSeries as Curve } from '@modelyard/contracts'
import type { SeriesLook } from '@modelyard/ui'
import type { ChartSeries } from '@modelyard/ui/time-chart'

export type Curves = { x: number[]; series: ChartSeries[] }
export type Line = { key: string; label: string; look: SeriesLook; curve: Curve }

/** Curves on the union of their steps, as a plot takes them; where one has no point, its line goes on to the next. */
export function align(lines: readonly Line[]): Curves {
  const x = [...new Set(lines.flatMap(({ curve }) => curve.steps))].toSorted((a, b) => a - b)
  const at = new Map(x.map((step, index) => [step, index]))
  const series = lines.map(({ key, label, look, curve }) => {
    const place = (values: readonly (number | null)[]) => {
      const placed = new Array<number | null | undefined>(x.length)
      curve.steps.forEach((step, index) => {
        placed[at.get(step) ?? 0] = values[index] ?? null
      })
      return placed as (number | null)[]
    }
    // A band says that buckets hold more than one point; without that it would only repeat the line.
    const band = curve.points > curve.steps.length ? { low: place(curve.min), high: place(curve.max) } : {}
    return { key, label, ...look, values: place(curve.last), ...band }
  })
  return { x, series }
}
