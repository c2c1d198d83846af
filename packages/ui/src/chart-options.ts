import type uPlot from 'uplot'
import { logRange, logTicks } from './log-scale.ts'

export type SeriesColor = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
export type ChartSeries = {
  key: string
  label: string
  values: (number | null)[]
  /** Drawn as the line in place of `values`, which stay behind it, faint; same length. */
  smoothed?: (number | null)[]
  color: SeriesColor
  /** Draws a band from `low` to `high` behind the line; same length as `values`. */
  low?: (number | null)[]
  high?: (number | null)[]
  /** Long dashes, or `dots`: with eight colours they tell 24 series apart. */
  dash?: boolean | 'dots'
}
export type ChartMarker = { x: number; label: string; tone: 'info' | 'crit' | 'ok' }

export type ChartSpec = {
  /** Seconds since the epoch for `time`, since a beginning for `elapsed`, step numbers for `step`; ascending. */
  x: number[]
  xKind: 'time' | 'elapsed' | 'step'
  /** On a logarithmic axis what is not above zero has no place: its line has a gap there. */
  yScale?: 'linear' | 'log'
  series: ChartSeries[]
  unit?: string
  /** Multiplies shown values: a ratio with `unit` percent has 100. */
  scale?: number
  digits?: number
  threshold?: { value: number; label: string }
  markers?: ChartMarker[]
  yMax?: number
  height?: number
  /** Charts of the same key show the same x under the pointer. */
  syncKey?: string
  locale: string
  timeZone: string
}

/** The stretch of x that a person drew a frame around; null for all of it. */
export type ChartRange = { from: number; to: number }

/** Columns in uPlot's order: x, then for each series its line, its smoothed line if any and, when banded, its two edges. */
export function toData(spec: Pick<ChartSpec, 'x' | 'series' | 'yScale'>): uPlot.AlignedData {
  const columns: (number | null)[][] = []
  for (const series of spec.series) {
    columns.push(series.values)
    if (series.smoothed !== undefined) columns.push(series.smoothed)
    if (series.low !== undefined && series.high !== undefined) columns.push(series.low, series.high)
  }
  const placed = spec.yScale === 'log' ? columns.map((column) => column.map(aboveZero)) : columns
  return [spec.x, ...placed] as uPlot.AlignedData
}

// What is absent stays absent: a gap is something else.
const aboveZero = (value: number | null) => (typeof value === 'number' && value <= 0 ? null : value)

/** Numbers as the chart, its legend and its table all write them. */
export function formatValue(value: number | null | undefined, spec: ChartSpec): string {
  if (value === null || value === undefined) return '–'
  if (!Number.isFinite(value)) return String(value)
  const scaled = value * (spec.scale ?? 1)
  // A rate of 1e-5 is not zero.
  if (spec.digits === undefined && scaled !== 0 && Math.abs(scaled) < 0.001) return scaled.toExponential(2)
  const digits = spec.digits ?? (Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 1 ? 2 : 4)
  return new Intl.NumberFormat(spec.locale, { maximumFractionDigits: digits }).format(scaled)
}

/** A tick is a round number: no digits beyond those it has. */
function formatTick(value: number, spec: ChartSpec): string {
  const scaled = value * (spec.scale ?? 1)
  const isSmall = scaled !== 0 && Math.abs(scaled) < 0.001
  return isSmall ? Number(scaled.toPrecision(3)).toExponential() : formatValue(value, { ...spec, digits: undefined })
}

export function formatX(value: number, spec: ChartSpec): string {
  if (spec.xKind === 'step') return new Intl.NumberFormat(spec.locale).format(value)
  if (spec.xKind === 'elapsed') return formatElapsed(value, spec.locale)
  const spanS = (spec.x.at(-1) ?? 0) - (spec.x[0] ?? 0)
  return new Intl.DateTimeFormat(spec.locale, {
    timeZone: spec.timeZone,
    ...(spanS > DAY_S ? { month: 'numeric', day: 'numeric' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(spanS > DAY_S ? {} : { second: '2-digit' }),
    hourCycle: 'h23',
  }).format(value * 1000)
}

const DAY_S = 86_400

/** Seconds alone within the first minute, then hours, minutes and seconds as a clock shows them. */
function formatElapsed(seconds: number, locale: string): string {
  if (Math.abs(seconds) < 60) {
    const digits = Math.abs(seconds) < 10 ? 1 : 0
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(seconds)} s`
  }
  const whole = Math.round(Math.abs(seconds))
  const two = (part: number) => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60]
  return `${seconds < 0 ? '−' : ''}${hours}:${two(minutes)}:${two(whole % 60)}`
}

/** A canvas cannot read custom properties: an element wearing the colour tells what the theme makes of it. */
function resolveColor(host: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.hidden = true
  probe.style.color = `var(--${name})`
  host.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}

/** Distances of labels on a clock: whole seconds, minutes, hours, days. */
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400]
const ELAPSED_STEPS_S = [0.1, 0.2, 0.5, ...TIME_STEPS_S]

export type ChartEvents = {
  onHover: (at: number | null) => void
  /** Where the caller reads finer numbers for a frame; without it the plot enlarges what it has. */
  onRange?: (range: ChartRange) => void
}

/** Options of a plot; `spec` is read at draw time, so that data updates need no new plot. */
export function buildOptions(
  spec: () => ChartSpec,
  host: HTMLElement,
  { onHover, onRange }: ChartEvents,
): Omit<uPlot.Options, 'width' | 'height'> {
  const first = spec()
  const { series, bands } = buildSeries(first, host)
  return {
    legend: { show: false },
    padding: [8, 28, 0, 0],
    scales: buildScales(spec),
    axes: buildAxes(spec, host),
    series,
    bands,
    cursor: {
      drag: { x: true, y: false, setScale: onRange === undefined },
      points: { size: 6 },
      y: false,
      ...(first.syncKey === undefined ? {} : { sync: { key: first.syncKey, setSeries: false } }),
    },
    hooks: {
      ...(onRange === undefined ? {} : { setSelect: [(plot: uPlot) => tellRange(plot, onRange)] }),
      setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
      draw: [
        (plot) =>
          drawMarks(plot, spec(), {
            info: resolveColor(host, 'info'),
            crit: resolveColor(host, 'crit'),
            ok: resolveColor(host, 'ok'),
          }),
      ],
    },
  }
}

function buildScales(spec: () => ChartSpec): uPlot.Scales {
  const { xKind, yScale } = spec()
  const x = { time: xKind === 'time' }
  if (yScale !== 'log') return { x, y: { range: (_plot, low, high) => yRange(spec(), low, high) } }
  return { x, y: { distr: 3, log: 10, range: (_plot, low, high) => logRange(low, high) } }
}

function buildAxes(spec: () => ChartSpec, host: HTMLElement): uPlot.Axis[] {
  const { xKind, yScale } = spec()
  const axis = {
    stroke: resolveColor(host, 'ink-3'),
    grid: { stroke: resolveColor(host, 'line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    gap: 4,
  }
  const powers: Partial<uPlot.Axis> = {
    splits: ({ scales }) => logTicks(scales.y?.min ?? 0.1, scales.y?.max ?? 1),
    filter: (_plot, splits) => splits,
  }
  return [
    {
      ...axis,
      size: 24,
      space: 64,
      ...(xKind === 'step' ? {} : { incrs: xKind === 'time' ? TIME_STEPS_S : ELAPSED_STEPS_S }),
      values: (_plot, splits) => splits.map((split) => formatX(split, spec())),
    },
    {
      ...axis,
      size: 58,
      space: 28,
      ...(yScale === 'log' ? powers : {}),
      values: (_plot, splits) => splits.map((split) => formatTick(split, spec())),
    },
  ]
}

/** A frame narrower than a finger's tremor is a press. */
const MIN_FRAME_PX = 6

function tellRange(plot: uPlot, onRange: (range: ChartRange) => void): void {
  const { left, width } = plot.select
  if (width < MIN_FRAME_PX) return
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  onRange({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') })
}

function buildSeries(spec: ChartSpec, host: HTMLElement): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}]
  const bands: uPlot.Band[] = []
  for (const item of spec.series) {
    const stroke = resolveColor(host, `series-${item.color}`)
    const line = {
      stroke,
      width: 1.5,
      spanGaps: false,
      points: { show: spec.x.length < 30, size: 4, fill: stroke },
      ...(item.dash ? { dash: item.dash === 'dots' ? [2, 3] : [6, 4] } : {}),
    }
    if (item.smoothed === undefined) series.push(line)
    else series.push({ ...line, stroke: translucent(stroke, 30), width: 1, points: { show: false } }, line)
    if (item.low === undefined || item.high === undefined) continue
    const at = series.length
    series.push({ stroke: 'transparent', points: { show: false } }, { stroke: 'transparent', points: { show: false } })
    bands.push({ series: [at + 1, at], fill: translucent(stroke, 18) })
  }
  return { series, bands }
}

function translucent(color: string, percent: number): string {
  return `color-mix(in oklab, ${color} ${percent}%, transparent)`
}

function yRange(spec: ChartSpec, low: number | null, high: number | null): [number, number] {
  const marks = [low ?? 0, high ?? 1, ...(spec.threshold === undefined ? [] : [spec.threshold.value])]
  const bottom = Math.min(...marks)
  const top = Math.max(...marks)
  // All zeros: an axis up to one shown unit, not up to a hundred of them.
  if (bottom === 0 && top === 0) return [0, 1 / (spec.scale ?? 1)]
  const pad = (top - bottom || Math.abs(top)) * 0.08
  // Rates, latencies and losses are never negative: an axis below zero would invent room that cannot be reached.
  return [bottom >= 0 ? Math.max(0, bottom - pad) : bottom - pad, Math.min(top + pad, spec.yMax ?? top + pad)]
}

function drawMarks(plot: uPlot, spec: ChartSpec, colors: Record<ChartMarker['tone'], string>): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.lineWidth = devicePixelRatio
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`
  for (const marker of spec.markers ?? []) {
    const x = plot.valToPos(marker.x, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.strokeStyle = colors[marker.tone]
    ctx.fillStyle = colors[marker.tone]
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(marker.label, x + 3 * devicePixelRatio, bbox.top + 9 * devicePixelRatio)
  }
  if (spec.threshold !== undefined) {
    const y = plot.valToPos(spec.threshold.value, 'y', true)
    ctx.strokeStyle = colors.crit
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.restore()
}
