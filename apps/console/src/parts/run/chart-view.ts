import { setOrDrop } from '../set-or-drop.ts'

export const X_AXES = ['step', 'time', 'elapsed'] as const
export type XAxis = (typeof X_AXES)[number]

/** How a page's curves are drawn; the same for all of them, so that they can be read across. */
export type ChartView = {
  x: XAxis
  log: boolean
  /** Weight of what came before in a smoothed line, below 1; 0 smooths nothing. */
  smooth: number
}

const MOST_SMOOTH = 0.99

/** Whatever an address holds makes a view. */
export function readChartView(search: Pick<URLSearchParams, 'get'>): ChartView {
  const smooth = Number(search.get('smooth') ?? 0)
  return {
    x: X_AXES.find((axis) => axis === search.get('x')) ?? 'step',
    log: search.get('y') === 'log',
    smooth: smooth > 0 && smooth <= MOST_SMOOTH ? smooth : 0,
  }
}

export function writeChartView(search: URLSearchParams, view: ChartView): void {
  setOrDrop(search, 'x', view.x === 'step' ? '' : view.x)
  setOrDrop(search, 'y', view.log ? 'log' : '')
  setOrDrop(search, 'smooth', view.smooth === 0 ? '' : String(view.smooth))
}

/**
 * Exponential moving average, in which the values there are so far weigh one together: the first value is itself, not a
 * way up from zero (the correction of Adam, Kingma and Ba 2015, which TensorBoard's smoothing has too). What is absent
 * stays absent and moves nothing.
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let sum = 0
  let share = 0
  return values.map((value) => {
    if (typeof value !== 'number') return value
    sum = weight * sum + (1 - weight) * value
    share = weight * share + (1 - weight)
    return sum / share
  })
}
