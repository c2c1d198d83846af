import type { RunRow } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { PINNED_PX, type VirtualColumn } from '@modelyard/ui/virtual-table'
import { PanelRight } from 'lucide-react'
import Link from 'next/link'
import type { Format } from '../../format/format.ts'
import { links } from '../../links.ts'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'
import { partsOf, SORTABLE } from './columns.ts'

export type Span = { low: number; high: number }
type Of = {
  project: string
  columns: string[]
  format: Format
  nameOf: (column: string) => string
  /** Lowest and highest finite value of the metric columns among the loaded rows. */
  spans: ReadonlyMap<string, Span>
  peekLabel: (row: RunRow) => string
  onPeek: (runId: string) => void
}

/** Between what values the bars of metric columns stretch. */
export function spansOf(rows: readonly RunRow[], columns: readonly string[]): Map<string, Span> {
  const spans = new Map<string, Span>()
  for (const column of columns.filter((name) => name.startsWith('metrics.'))) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const { values } of rows) {
      const value = values[column]
      if (typeof value !== 'number') continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    if (low < high) spans.set(column, { low, high })
  }
  return spans
}

/** Name and state stay in sight; then the columns of the view. */
export function runColumns(of: Of): VirtualColumn<RunRow>[] {
  const { project, columns, format, nameOf, spans } = of
  return [
    {
      key: 'attributes.run_name',
      header: nameOf('attributes.run_name'),
      width: PINNED_PX,
      pinned: true,
      sortable: true,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-1">
          <Link
            href={links.run(project, row.id)}
            prefetch={false}
            title={row.name}
            className="min-w-0 flex-1 truncate font-medium text-ink leading-6 hover:text-accent"
          >
            {row.name === '' ? row.id : row.name}
          </Link>
          <button
            type="button"
            // Space on the row does the same: one stop a row is enough for who goes by keys.
            tabIndex={-1}
            aria-label={of.peekLabel(row)}
            onClick={() => of.onPeek(row.id)}
            className="grid size-7 shrink-0 place-items-center rounded text-ink-3 opacity-0 hover:bg-raised hover:text-ink group-hover:opacity-100 pointer-coarse:opacity-100"
          >
            <PanelRight aria-hidden className="size-3.5" />
          </button>
        </span>
      ),
    },
    {
      key: 'attributes.status',
      header: nameOf('attributes.status'),
      width: 116,
      pinned: true,
      sortable: true,
      cell: (row) => <StatePill noun="run" state={row.status} quiet />,
    },
    ...columns.map((column) => columnOf(column, { format, header: nameOf(column), span: spans.get(column) })),
  ]
}

type Look = { format: Format; header: string; span?: Span | undefined }

function columnOf(column: string, { format, header, span }: Look): VirtualColumn<RunRow> {
  const { scope } = partsOf(column)
  if (scope === 'metrics') {
    return {
      ...{ key: column, header, width: 132, numeric: true, sortable: true },
      title: span === undefined ? column : `${column}: ${format.metric(span.low)} – ${format.metric(span.high)}`,
      cell: (row) => <MetricCell value={row.values[column]} format={format} span={span} />,
    }
  }
  if (scope === 'attributes') return attributeColumn(column, { format, header })
  const cell = (row: RunRow) => {
    const text = row.values[column]
    return text === undefined ? <Nothing /> : <span title={String(text)}>{text}</span>
  }
  return { key: column, header, title: column, width: 140, sortable: true, cell }
}

function attributeColumn(column: string, { format, header }: Look): VirtualColumn<RunRow> {
  const sortable = SORTABLE.has(column)
  const base = { key: column, header, sortable, width: 150 }
  switch (column) {
    case 'attributes.start_time':
      return { ...base, numeric: true, cell: (row) => <When at={row.startedAt ?? row.createdAt} /> }
    case 'attributes.duration':
      return {
        ...{ ...base, numeric: true, width: 110 },
        cell: (row) => (row.endedAt === null ? <Nothing /> : format.between(row.startedAt, row.endedAt, 0)),
      }
    case 'attributes.datasets':
      return { ...base, width: 200, cell: (row) => row.datasets.join(', ') || <Nothing /> }
    case 'attributes.run_id':
      return { ...base, width: 250, cell: (row) => <code className="mono">{row.id}</code> }
    case 'attributes.user_id':
      return { ...base, cell: (row) => row.user || <Nothing /> }
    default:
      return { ...base, cell: (row) => row.experiment }
  }
}

type MetricProps = { value: string | number | undefined; format: Format; span: Span | undefined }

function MetricCell({ value, format, span }: MetricProps) {
  if (value === undefined) return <Nothing />
  if (typeof value === 'number') {
    return (
      <>
        {format.metric(value)}
        {span !== undefined && <Bar share={(value - span.low) / (span.high - span.low)} />}
      </>
    )
  }
  return (
    <Tag tone="warn" mono>
      {value}
    </Tag>
  )
}

/** Where a value lies between the lowest and the highest of its column; the number beside it is what counts. */
function Bar({ share }: { share: number }) {
  return (
    <svg aria-hidden viewBox="0 0 100 1" preserveAspectRatio="none" className="mt-0.5 block h-0.5 w-full">
      <rect width="100" height="1" className="fill-line" />
      <rect width={Math.max(1, Math.round(share * 100))} height="1" className="fill-series-1" />
    </svg>
  )
}

const Nothing = () => <span className="text-ink-3">–</span>
