import { type ChartSeries, type ChartSpec, formatValue, formatX } from './chart-options.ts'
import { cn } from './cn.ts'
import { Table, Td, Th } from './table.tsx'

const swatch = [
  '',
  'fill-series-1',
  'fill-series-2',
  'fill-series-3',
  'fill-series-4',
  'fill-series-5',
  'fill-series-6',
  'fill-series-7',
  'fill-series-8',
]

type LegendProps = { spec: ChartSpec; at: number | null; smoothed: string | undefined }

/** Names and values at the cursor, or the newest ones; text beside the swatch, so colour is never alone. */
export function ChartLegend({ spec, at, smoothed }: LegendProps) {
  const index = at ?? spec.x.length - 1
  const x = spec.x[index]
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-2xs text-ink-2">
      {spec.series.map((series) => (
        <li key={series.key} className="inline-flex items-center gap-1.5">
          <Swatch series={series} />
          <span>{series.label}</span>
          <span className="num font-medium text-ink">
            {formatValue(at === null ? newest(series.values, spec) : known(series.values, index), spec)}
          </span>
          {series.smoothed !== undefined && (
            <span className="num text-ink-3">
              {smoothed}{' '}
              {formatValue(at === null ? newest(series.smoothed, spec) : known(series.smoothed, index), spec)}
            </span>
          )}
        </li>
      ))}
      {spec.threshold !== undefined && (
        <li className="inline-flex items-center gap-1.5 text-crit">
          <span aria-hidden>┄</span>
          {spec.threshold.label}
        </li>
      )}
      {x !== undefined && <li className={cn('num ml-auto', at === null && 'opacity-0')}>{formatX(x, spec)}</li>}
    </ul>
  )
}

/**
 * The value that stands when nobody points: of curves over steps each one's last, for they end at different ones; over
 * time that of now, for an old value is no news.
 */
function newest(values: Values, { xKind }: ChartSpec): number | null | undefined {
  if (xKind === 'time') return known(values, values.length - 1)
  return values.findLast((value) => typeof value === 'number')
}

type Values = ChartSeries['values']

/** The value at a place, or where a series has none of its own there the one before it, from which its line comes. */
function known(values: Values, index: number): number | null | undefined {
  for (let at = index; at >= 0; at--) if (values[at] !== undefined) return values[at]
  return undefined
}

/** The line as it is drawn, in small. */
function Swatch({ series: { color, dash } }: { series: Pick<ChartSeries, 'color' | 'dash'> }) {
  const bars = dash === 'dots' ? [0, 5, 10] : dash ? [0, 7] : [0]
  const width = dash === 'dots' ? 2 : dash ? 5 : 12
  return (
    <svg aria-hidden viewBox="0 0 12 4" className="h-1 w-3 shrink-0">
      {bars.map((x) => (
        <rect key={x} x={x} width={width} height="4" rx="1" className={swatch[color]} />
      ))}
    </svg>
  )
}

/** How many rows a chart's table shows; the newest matter most. */
const TABLE_ROWS = 200

/** The chart's numbers for those who cannot or will not read the picture. */
export function ChartTable({
  spec,
  title,
  labels,
}: {
  spec: ChartSpec
  title: string
  labels: { table: string; x: string }
}) {
  const from = Math.max(0, spec.x.length - TABLE_ROWS)
  const rows = spec.x.slice(from).map((x, offset) => ({ x, index: from + offset }))
  return (
    <details className="group mt-1">
      <summary className="inline-flex min-h-6 items-center text-2xs text-ink-3 underline-offset-2 hover:text-ink hover:underline">
        {labels.table}
      </summary>
      <div className="mt-1 max-h-64 overflow-auto rounded-md border border-line">
        <Table
          caption={title}
          head={
            <>
              <Th>{labels.x}</Th>
              {spec.series.map((series) => (
                <Th key={series.key} numeric>
                  {series.label}
                </Th>
              ))}
            </>
          }
        >
          {rows.map(({ x, index }) => (
            <tr key={x}>
              <Td className="num">{formatX(x, spec)}</Td>
              {spec.series.map((series) => (
                <Td key={series.key} numeric>
                  {formatValue(series.values[index], spec)}
                </Td>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </details>
  )
}
