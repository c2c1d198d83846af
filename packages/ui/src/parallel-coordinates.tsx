import { useMemo } from 'react'
import { type Axis, axisOf } from './chart-scale.ts'
import { dashArray, type SeriesLook, strokeClass } from './series-look.ts'

export type ParallelAxis = { key: string; label: string }
export type ParallelLine = { key: string; label: string; look: SeriesLook; values: (number | string | null)[] }

const AXIS_GAP = 130
const MARGIN = { left: 70, right: 70, top: 34, bottom: 12 }
const HEIGHT = 280
const LABEL_CHARACTERS = 14

/**
 * One line a run across its parameters and metrics. The picture has a name; its numbers stand in the tables beside it,
 * and each line says whose it is when pointed at.
 */
export function ParallelCoordinates({
  title,
  axes,
  lines,
  locale,
}: {
  title: string
  axes: ParallelAxis[]
  lines: ParallelLine[]
  locale: string
}) {
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
        {axes.map((axis, index) => (
          <AxisLine key={axis.key} label={axis.label} x={xOf(index)} scale={scales[index]} />
        ))}
        {lines.map((line) => (
          <path
            key={line.key}
            d={pathOf(line, scales)}
            fill="none"
            strokeWidth="1.75"
            strokeDasharray={dashArray(line.look)}
            className={`${strokeClass(line.look)} hover:stroke-[3.5px]`}
          >
            <title>{line.label}</title>
          </path>
        ))}
      </svg>
    </section>
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

function AxisLine({ label, x, scale }: { label: string; x: number; scale: Axis | undefined }) {
  return (
    <g>
      <title>{label}</title>
      <line x1={x} x2={x} y1={yOf(1)} y2={yOf(0)} className="stroke-line-strong" />
      <text x={x} y={16} textAnchor="middle" className="fill-ink font-medium text-2xs">
        {cut(label)}
      </text>
      {scale?.ticks.map((tick) => (
        <text
          key={`${tick.at} ${tick.label}`}
          x={x - 5}
          y={yOf(tick.at) + 3.5}
          textAnchor="end"
          className="num fill-ink-3 text-2xs"
        >
          {cut(tick.label)}
        </text>
      ))}
    </g>
  )
}
