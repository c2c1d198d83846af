import { useMemo } from 'react'
import { type Axis, axisOf } from './chart-scale.ts'
import { fillClass, type SeriesLook } from './series-look.ts'

export type ScatterPoint = {
  key: string
  label: string
  look: SeriesLook
  x: number | string | null
  y: number | string | null
}

const WIDTH = 520
const HEIGHT = 280
const MARGIN = { left: 64, right: 20, top: 12, bottom: 42 }

/** One value against another, a point a run, each with its number beside it: colour is never alone. */
export function ScatterPlot({
  title,
  xLabel,
  yLabel,
  points,
  locale,
}: {
  title: string
  xLabel: string
  yLabel: string
  points: ScatterPoint[]
  locale: string
}) {
  const x = useMemo(
    () =>
      axisOf(
        points.map((point) => point.x),
        locale,
      ),
    [points, locale],
  )
  const y = useMemo(
    () =>
      axisOf(
        points.map((point) => point.y),
        locale,
      ),
    [points, locale],
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
    <section tabIndex={0} aria-label={title} className="max-w-full overflow-x-auto">
      <svg role="img" aria-label={title} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <Grid x={x} y={y} />
        <text x={(WIDTH + MARGIN.left) / 2} y={HEIGHT - 6} textAnchor="middle" className="fill-ink-2 text-2xs">
          {x.kind === 'log' ? `${xLabel} (log)` : xLabel}
        </text>
        <text x={4} y={10} className="fill-ink-2 text-2xs">
          {y.kind === 'log' ? `${yLabel} (log)` : yLabel}
        </text>
        {points.map((point, index) => {
          const [left, up] = [x.place(point.x), y.place(point.y)]
          if (left === null || up === null) return null
          return (
            <g key={point.key}>
              <title>{`${point.label}: ${point.x}, ${point.y}`}</title>
              <circle cx={xAt(left)} cy={yAt(up)} r="5" className={fillClass(point.look)} />
              <text x={xAt(left) + 7} y={yAt(up) + 3.5} className="num fill-ink-2 text-2xs">
                {index + 1}
              </text>
            </g>
          )
        })}
      </svg>
    </section>
  )
}

const xAt = (place: number) => MARGIN.left + place * (WIDTH - MARGIN.left - MARGIN.right)
const yAt = (place: number) => MARGIN.top + 8 + (1 - place) * (HEIGHT - MARGIN.top - MARGIN.bottom - 8)
const cut = (text: string) => (text.length > 10 ? `${text.slice(0, 9)}…` : text)

function Grid({ x, y }: { x: Axis; y: Axis }) {
  return (
    <g>
      {y.ticks.map((tick) => (
        <g key={`y ${tick.at} ${tick.label}`}>
          <line
            x1={MARGIN.left}
            x2={WIDTH - MARGIN.right}
            y1={yAt(tick.at)}
            y2={yAt(tick.at)}
            className="stroke-line"
          />
          <text x={MARGIN.left - 6} y={yAt(tick.at) + 3.5} textAnchor="end" className="num fill-ink-3 text-2xs">
            {cut(tick.label)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text
          key={`x ${tick.at} ${tick.label}`}
          x={xAt(tick.at)}
          y={HEIGHT - MARGIN.bottom + 16}
          textAnchor="middle"
          className="num fill-ink-3 text-2xs"
        >
          {cut(tick.label)}
        </text>
      ))}
    </g>
  )
}
