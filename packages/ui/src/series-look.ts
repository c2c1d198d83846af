import type { ChartSeries, SeriesColor } from './chart-options.ts'

const stroke = [
  'stroke-series-1',
  'stroke-series-2',
  'stroke-series-3',
  'stroke-series-4',
  'stroke-series-5',
  'stroke-series-6',
  'stroke-series-7',
  'stroke-series-8',
]
const fill = [
  'fill-series-1',
  'fill-series-2',
  'fill-series-3',
  'fill-series-4',
  'fill-series-5',
  'fill-series-6',
  'fill-series-7',
  'fill-series-8',
]

export type SeriesLook = Pick<ChartSeries, 'color' | 'dash'>

/** Eight colours, then the same dashed, then dotted: 24 lines that no two of are alike. */
export function seriesLook(index: number): SeriesLook {
  const color = ((index % 8) + 1) as SeriesColor
  const round = Math.floor(index / 8) % 3
  return round === 0 ? { color } : { color, dash: round === 1 ? true : 'dots' }
}

export const strokeClass = ({ color }: SeriesLook): string => stroke[color - 1] ?? ''
export const fillClass = ({ color }: SeriesLook): string => fill[color - 1] ?? ''
export const dashArray = ({ dash }: SeriesLook): string | undefined => {
  if (!dash) return undefined
  return dash === 'dots' ? '2 3' : '6 4'
}
