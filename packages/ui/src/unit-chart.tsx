import { dashArray, fillClass, type SeriesLook, strokeClass } from './series-look.ts'
import { Table, Td, Th } from './table.tsx'

/** Both coordinates are shares, from 0 to 1. `size` makes a point a dot of that share of the largest. */
export type UnitPoint = { x: number; y: number; size?: number }
export type UnitLine = {
  key: string
  label: string
  look: SeriesLook
  points: UnitPoint[]
  /** What the line comes to, told beside its name. */
  value: string
  isStrong?: boolean
}
export type UnitTable = { label: string; head: string[]; rows: string[][] }

const SIZE = 280
const MARGIN = { left: 48, right: 10, top: 8, bottom: 34 }
const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Shares against shares: ROC, precision and recall, reliability. With a name, a sentence and its numbers as a table. */
export function UnitChart(props: {
  title: string
  /** One sentence with the numbers a reader of the picture would take away. */
  summary: string
  xLabel: string
  yLabel: string
  lines: UnitLine[]
  /** What stands on the diagonal: chance, or a model that is as sure as it is right. */
  diagonal?: string
  table: UnitTable
  locale: string
}) {
  const { title, summary, lines, diagonal } = props
  return (
    <figure className="m-0 min-w-0" data-chart>
      <figcaption className="mb-1 font-medium text-ink text-xs">{title}</figcaption>
      <svg
        role="img"
        aria-label={`${title}. ${summary}`}
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        className="block w-full max-w-[22rem]"
      >
        <Frame {...props} />
        {diagonal !== undefined && (
          <path
            d={pathOf([
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ])}
            strokeDasharray="3 3"
            className="stroke-line-strong"
          />
        )}
        {lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </svg>
      <Legend lines={lines} diagonal={diagonal} />
      <NumbersTable title={title} table={props.table} />
    </figure>
  )
}

const xAt = (x: number) => MARGIN.left + x * (SIZE - MARGIN.left - MARGIN.right)
const yAt = (y: number) => SIZE - MARGIN.bottom - y * (SIZE - MARGIN.top - MARGIN.bottom)

function pathOf(points: readonly UnitPoint[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${xAt(x).toFixed(1)} ${yAt(y).toFixed(1)}`).join('')
}

function Frame({ xLabel, yLabel, locale }: { xLabel: string; yLabel: string; locale: string }) {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  return (
    <g>
      {TICKS.map((tick) => (
        <g key={tick}>
          <line x1={xAt(0)} x2={xAt(1)} y1={yAt(tick)} y2={yAt(tick)} className="stroke-line" />
          <text x={xAt(0) - 5} y={yAt(tick) + 3.5} textAnchor="end" className="num fill-ink-3 text-2xs">
            {format.format(tick)}
          </text>
          <text
            x={xAt(tick)}
            y={yAt(0) + 14}
            textAnchor={tick === 1 ? 'end' : 'middle'}
            className="num fill-ink-3 text-2xs"
          >
            {format.format(tick)}
          </text>
        </g>
      ))}
      <text x={xAt(0.5)} y={SIZE - 5} textAnchor="middle" className="fill-ink-2 text-2xs">
        {xLabel}
      </text>
      <text
        x={10}
        y={yAt(0.5)}
        transform={`rotate(-90 10 ${yAt(0.5)})`}
        textAnchor="middle"
        className="fill-ink-2 text-2xs"
      >
        {yLabel}
      </text>
    </g>
  )
}

function Line({ line: { points, look, label, value, isStrong } }: { line: UnitLine }) {
  return (
    <g>
      <title>{`${label}: ${value}`}</title>
      <path
        d={pathOf(points)}
        fill="none"
        strokeWidth={isStrong ? 2.5 : 1.25}
        strokeDasharray={dashArray(look)}
        className={isStrong ? 'stroke-ink' : strokeClass(look)}
      />
      {points.map(({ x, y, size }) =>
        size === undefined ? null : (
          <circle key={`${x} ${y}`} cx={xAt(x)} cy={yAt(y)} r={2.5 + 3 * Math.sqrt(size)} className={fillClass(look)} />
        ),
      )}
    </g>
  )
}

function Legend({ lines, diagonal }: { lines: UnitLine[]; diagonal: string | undefined }) {
  return (
    <ul className="mt-1 flex max-w-[22rem] flex-wrap gap-x-4 gap-y-0.5 text-2xs text-ink-2">
      {lines.map(({ key, label, look, value, isStrong }) => (
        <li key={key} className="inline-flex min-w-0 items-center gap-1.5">
          <svg aria-hidden viewBox="0 0 16 4" className="h-1 w-4 shrink-0">
            <path
              d="M0 2H16"
              strokeWidth={isStrong ? 4 : 2.5}
              strokeDasharray={dashArray(look)}
              className={isStrong ? 'stroke-ink' : strokeClass(look)}
            />
          </svg>
          <span className="max-w-32 truncate" title={label}>
            {label}
          </span>
          <span className="num font-medium text-ink">{value}</span>
        </li>
      ))}
      {diagonal !== undefined && (
        <li className="inline-flex items-center gap-1.5 text-ink-3">
          <span aria-hidden>┄</span>
          {diagonal}
        </li>
      )}
    </ul>
  )
}

function NumbersTable({ title, table: { label, head, rows } }: { title: string; table: UnitTable }) {
  return (
    <details className="group mt-1">
      <summary className="inline-flex min-h-6 items-center text-2xs text-ink-3 underline-offset-2 hover:text-ink hover:underline">
        {label}
      </summary>
      <div className="mt-1 max-h-64 overflow-auto rounded-md border border-line">
        <Table
          caption={title}
          head={head.map((name, column) => (
            <Th key={name} numeric={column > 0}>
              {name}
            </Th>
          ))}
        >
          {rows.map((row) => (
            <tr key={row.join()}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                <Td key={column} numeric={column > 0} className="num">
                  {cell}
                </Td>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </details>
  )
}
