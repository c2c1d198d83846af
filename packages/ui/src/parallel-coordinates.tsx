'use client'
import { type PointerEvent, type ReactNode, useMemo, useState } from 'react'
import { type Axis, axisOf, ticksApart } from './chart-scale.ts'
import { cn } from './cn.ts'
import { dashArray, type SeriesLook, strokeClass } from './series-look.ts'

export type ParallelAxis = { key: string; label: string }
export type ParallelLine = { key: string; label: string; look: SeriesLook; values: (number | string | null)[] }

const AXIS_GAP = 130
const MARGIN = { left: 100, right: 70, top: 34, bottom: 12 }
const HEIGHT = 280
const LABEL_CHARACTERS = 14

/** A stretch of an axis, from 0 at its foot to 1 at its head. */
export type Brush = { from: number; to: number }

type Props = {
  title: string
  axes: ParallelAxis[]
  lines: ParallelLine[]
  locale: string
  /** By the key of the axis. */
  brushes: ReadonlyMap<string, Brush>
  /** Called when a stretch was drawn; null takes it away. */
  onBrush: (axis: string, brush: Brush | null) => void
  isKept: (line: string) => boolean
}

/**
 * One line a run across its parameters and metrics. The picture has a name; its numbers stand in the tables beside it,
 * and each line says whose it is when pointed at. A stretch drawn along an axis leaves the lines outside of it faint.
 */
export function ParallelCoordinates({ title, axes, lines, locale, brushes, onBrush, isKept }: Props) {
  const scales = useMemo(
    () =>
      axes.map((_axis, index) =>
        axisOf(
          lines.map(({ values }) => values[index] ?? null),
          locale,
        ),
      ),
    [axes, lines, locale],
  )
  const width = MARGIN.left + MARGIN.right + AXIS_GAP * Math.max(1, axes.length - 1)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
    <section tabIndex={0} aria-label={title} className="max-w-full overflow-x-auto">
      <svg role="img" aria-label={title} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        {lines.map((line) => (
          <path
            key={line.key}
            d={pathOf(line, scales)}
            fill="none"
            strokeWidth="1.75"
            strokeDasharray={dashArray(line.look)}
            className={cn(strokeClass(line.look), isKept(line.key) ? 'hover:stroke-[3.5px]' : 'opacity-15')}
          >
            <title>{line.label}</title>
          </path>
        ))}
        {axes.map((axis, index) => (
          <AxisLine key={axis.key} label={axis.label} x={xOf(index)} scale={scales[index]}>
            <BrushArea x={xOf(index)} brush={brushes.get(axis.key)} onBrush={(brush) => onBrush(axis.key, brush)} />
          </AxisLine>
        ))}
      </svg>
    </section>
  )
}

/** As wide as a fingertip is sure of. */
const GRIP_PX = 28
/** A shorter stroke is a press, which takes the stretch away. */
const LEAST_STROKE = 0.02

/** So near to an end of the axis is meant to be the end. */
const SNAP = 0.03

type Area = { x: number; brush: Brush | undefined; onBrush: (brush: Brush | null) => void }

function BrushArea({ x, brush, onBrush }: Area) {
  const [drawn, setDrawn] = useState<Brush | null>(null)
  const placeAt = (event: PointerEvent<SVGRectElement>) => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const place = 1 - (event.clientY - top) / height
    // Nobody hits the very end, where the highest and the lowest value lie.
    return place < SNAP ? 0 : place > 1 - SNAP ? 1 : place
  }
  const ordered = ({ from, to }: Brush): Brush => ({ from: Math.min(from, to), to: Math.max(from, to) })
  const end = () => {
    if (drawn === null) return
    setDrawn(null)
    const stroke = ordered(drawn)
    onBrush(stroke.to - stroke.from < LEAST_STROKE ? null : stroke)
  }
  const shown = drawn === null ? brush : ordered(drawn)
  return (
    <>
      {shown !== undefined && (
        <rect
          x={x - 7}
          width={14}
          y={yOf(shown.to)}
          height={Math.max(1, yOf(shown.from) - yOf(shown.to))}
          className="fill-accent/20 stroke-accent"
        />
      )}
      <rect
        x={x - GRIP_PX / 2}
        width={GRIP_PX}
        y={yOf(1)}
        height={yOf(0) - yOf(1)}
        className="cursor-crosshair touch-none fill-transparent"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrawn({ from: placeAt(event), to: placeAt(event) })
        }}
        onPointerMove={(event) => {
          const to = placeAt(event)
          setDrawn((now) => now && { ...now, to })
        }}
        onPointerUp={end}
        onPointerCancel={() => setDrawn(null)}
      />
    </>
  )
}

const xOf = (index: number) => MARGIN.left + index * AXIS_GAP
const yOf = (place: number) => MARGIN.top + (1 - place) * (HEIGHT - MARGIN.top - MARGIN.bottom)

/** A run that lacks a value has a gap there, and not a line through a place it never was. */
function pathOf({ values }: ParallelLine, scales: readonly Axis[]): string {
  let drawing = false
  return scales
    .map((scale, index) => {
      const place = scale.place(values[index] ?? null)
      if (place === null) {
        drawing = false
        return ''
      }
      const command = drawing ? 'L' : 'M'
      drawing = true
      // A point between two gaps would be nothing without a length of its own.
      return `${command}${xOf(index)},${yOf(place).toFixed(1)}${command === 'M' ? 'h0.01' : ''}`
    })
    .join('')
}

const cut = (text: string) => (text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS - 1)}…` : text)

/** Labels of eleven pixels with one between them, as a share of the axis. */
const LEAST_APART = 12 / (HEIGHT - MARGIN.top - MARGIN.bottom)

type AxisProps = { label: string; x: number; scale: Axis | undefined; children: ReactNode }

function AxisLine({ label, x, scale, children }: AxisProps) {
  const ticks = ticksApart(scale?.ticks ?? [], LEAST_APART)
  return (
    <g>
      <title>{label}</title>
      <line x1={x} x2={x} y1={yOf(1)} y2={yOf(0)} className="stroke-line-strong" />
      <text x={x} y={16} textAnchor="middle" className="fill-ink font-medium text-2xs">
        {scale?.kind === 'log' ? `${cut(label)} (log)` : cut(label)}
      </text>
      {ticks.map((tick) => (
        <text
          key={`${tick.at} ${tick.label}`}
          x={x - 5}
          y={yOf(tick.at) + 3.5}
          textAnchor="end"
          // Behind the letters the ground, so that no line runs through them.
          className="num fill-ink-2 stroke-[3px] stroke-surface text-2xs [paint-order:stroke]"
        >
          {cut(tick.label)}
        </text>
      ))}
      {children}
    </g>
  )
}
