import type { ComparedRun } from '@modelyard/contracts'
import { axisOf } from '@modelyard/ui'
import type { Brush } from '@modelyard/ui/parallel-coordinates'

/** Stretches of axes by the key of the axis, `params.x` or `metrics.x`. */
export type Brushes = ReadonlyMap<string, Brush>

/** What a run has on an axis; null where it logged nothing there. */
export function loggedIn(run: ComparedRun, axis: string): string | number | null {
  const dot = axis.indexOf('.')
  const record: Record<string, string | number> = axis.startsWith('params.') ? run.params : run.metrics
  const key = axis.slice(dot + 1)
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null
}

/** Ids of the runs that lie within every stretch; a run that logged nothing on an axis lies in none of it. */
export function runsWithin(runs: readonly ComparedRun[], brushes: Brushes, locale: string): Set<string> {
  const tests = [...brushes].map(([axis, { from, to }]) => {
    const scale = axisOf(
      runs.map((run) => loggedIn(run, axis)),
      locale,
    )
    return (run: ComparedRun) => {
      const place = scale.place(loggedIn(run, axis))
      return place !== null && place >= from && place <= to
    }
  })
  return new Set(runs.filter((run) => tests.every((test) => test(run))).map(({ id }) => id))
}

const WRITTEN = /^((?:params|metrics)\..{1,250})~(0(?:\.\d{1,3})?|1)~(0(?:\.\d{1,3})?|1)$/s

/** Stretches as an address has them; what is not understood is none. */
export function readBrushes(search: Pick<URLSearchParams, 'getAll'>): Brushes {
  const found = search.getAll('brush').flatMap((text): [string, Brush][] => {
    const [, axis = '', from, to] = WRITTEN.exec(text) ?? []
    return axis === '' ? [] : [[axis, { from: Number(from), to: Number(to) }]]
  })
  return new Map(found)
}

/** Puts a stretch into an address in place of one of the same axis; null takes that one away. */
export function writeBrush(search: URLSearchParams, axis: string, brush: Brush | null): void {
  const brushes = new Map(readBrushes(search))
  if (brush === null) brushes.delete(axis)
  else brushes.set(axis, brush)
  search.delete('brush')
  const digits = (place: number) => String(Math.round(place * 1_000) / 1_000)
  for (const [key, { from, to }] of brushes) search.append('brush', `${key}~${digits(from)}~${digits(to)}`)
}
