'use client'
import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type uPlot from 'uplot'
import { buildOptions, type ChartRange, type ChartSpec, toData } from './chart-options.ts'
import { ChartLegend, ChartTable } from './chart-parts.tsx'
import 'uplot/dist/uPlot.min.css'

export type { ChartMarker, ChartRange, ChartSeries, ChartSpec } from './chart-options.ts'

export type TimeChartLabels = {
  table: string
  noData: string
  x: string
  /** Stands before a smoothed value; for charts that have such. */
  smoothed?: string
}

export type TimeChartProps = ChartSpec & {
  title: string
  /** One sentence with the numbers a reader of the picture would take away. */
  summary: string
  labels: TimeChartLabels
  /** When the newest sample is old, the chart says so instead of drawing a flat line. */
  staleNote?: string
  /** Called with the frame that was drawn; the caller answers with finer numbers for it. */
  onRange?: (range: ChartRange) => void
}

/** The one time chart of the console: uPlot, loaded when first seen, with a name, a summary and its numbers as a table. */
export function TimeChart(props: TimeChartProps) {
  const [hover, setHover] = useState<number | null>(null)
  const host = usePlot(props, setHover)
  const empty = props.x.length === 0
  const tall = (props.height ?? DEFAULT_HEIGHT) > 200
  return (
    <figure className="m-0 min-w-0" data-chart>
      <figcaption className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium text-ink text-xs">
          {props.title}
          {props.unit !== undefined && <span className="ml-1 font-normal text-ink-3">{props.unit}</span>}
        </span>
        {props.staleNote !== undefined && <span className="text-warn text-xs">{props.staleNote}</span>}
      </figcaption>
      {empty ? (
        <div className="flex h-40 items-center justify-center rounded-md border border-line border-dashed text-ink-3 text-sm">
          {props.labels.noData}
        </div>
      ) : (
        <div
          ref={host}
          role="img"
          aria-label={`${props.title}. ${props.summary}`}
          className={tall ? 'h-60 w-full overflow-hidden' : 'h-40 w-full overflow-hidden'}
        />
      )}
      <ChartLegend spec={props} at={hover} smoothed={props.labels.smoothed} />
      {!empty && <ChartTable spec={props} title={props.title} labels={props.labels} />}
    </figure>
  )
}

const DEFAULT_HEIGHT = 160

/** What needs a new plot when it changes; new numbers alone do not. */
function shapeOf(props: TimeChartProps, theme: string): string {
  const series = props.series.map(({ key, color, dash, low, smoothed }) => {
    return [key, color, dash, low !== undefined, smoothed !== undefined]
  })
  const { x, xKind, yScale, unit, locale, syncKey } = props
  return JSON.stringify([theme, x.length === 0, xKind, yScale, unit, locale, syncKey, series])
}

/** Keeps a plot in the returned element: built when its shape changes, fed when only its numbers do. */
function usePlot(props: TimeChartProps, onHover: (at: number | null) => void): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const { x, series, yScale } = props
  const data = useMemo(() => toData({ x, series, yScale }), [x, series, yScale])
  const theme = useSyncExternalStore(onTheme, themeName, () => '')
  const shape = shapeOf(props, theme)
  const latest = useRef({ props, data })
  latest.current = { props, data }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for everything a plot is built from
  useEffect(() => mount({ host, plot, latest, onHover }), [shape])
  useEffect(() => plot.current?.setData(data), [data])
  return host
}

// A canvas does not follow the theme by itself: it is drawn anew when the theme's name changes.
function onTheme(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  dark.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', changed)
  }
}

function themeName(): string {
  return `${document.documentElement.dataset.theme}:${matchMedia('(prefers-color-scheme: dark)').matches}`
}

type Mounting = {
  host: RefObject<HTMLDivElement | null>
  plot: RefObject<uPlot | null>
  latest: RefObject<{ props: TimeChartProps; data: uPlot.AlignedData }>
  onHover: (at: number | null) => void
}

function mount({ host, plot, latest, onHover }: Mounting): () => void {
  let stopped = false
  let observer: ResizeObserver | undefined
  const size = (element: HTMLElement) => ({
    width: Math.max(120, element.clientWidth),
    height: latest.current.props.height ?? DEFAULT_HEIGHT,
  })
  void import('uplot').then(({ default: Plot }) => {
    const element = host.current
    if (stopped || element === null) return
    const { onRange } = latest.current.props
    const tell = onRange && ((range: ChartRange) => latest.current.props.onRange?.(range))
    const options = buildOptions(() => latest.current.props, element, { onHover, onRange: tell })
    plot.current = new Plot({ ...options, ...size(element) }, latest.current.data, element)
    observer = new ResizeObserver(() => plot.current?.setSize(size(element)))
    observer.observe(element)
  })
  return () => {
    stopped = true
    observer?.disconnect()
    plot.current?.destroy()
    plot.current = null
  }
}
