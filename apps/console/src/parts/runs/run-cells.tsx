import type { RunRow } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { PINNED_PX, type VirtualColumn } from '@modelyard/ui/virtual-table'
import Link from 'next/link'
import type { Format } from '../../format/format.ts'
import { links } from '../../links.ts'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'
import { partsOf, SORTABLE } from './columns.ts'

type Of = { project: string; columns: string[]; format: Format; nameOf: (column: string) => string }

/** Name and state stay in sight; then the columns of the view. */
export function runColumns({ project, columns, format, nameOf }: Of): VirtualColumn<RunRow>[] {
  return [
    {
      key: 'attributes.run_name',
      header: nameOf('attributes.run_name'),
      width: PINNED_PX,
      pinned: true,
      sortable: true,
      cell: (row) => (
        <Link
          href={links.run(project, row.id)}
          prefetch={false}
          title={row.name}
          className="block truncate font-medium text-ink leading-6 hover:text-accent"
        >
          {row.name === '' ? row.id : row.name}
        </Link>
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
    ...columns.map((column) => columnOf(column, { format, header: nameOf(column) })),
  ]
}

type Look = { format: Format; header: string }

function columnOf(column: string, { format, header }: Look): VirtualColumn<RunRow> {
  const { scope } = partsOf(column)
  if (scope === 'metrics') {
    return {
      ...{ key: column, header, title: column, width: 132, numeric: true, sortable: true },
      cell: (row) => <MetricCell value={row.values[column]} format={format} />,
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

function MetricCell({ value, format }: { value: string | number | undefined; format: Format }) {
  if (value === undefined) return <Nothing />
  if (typeof value === 'number') return format.metric(value)
  return (
    <Tag tone="warn" mono>
      {value}
    </Tag>
  )
}

const Nothing = () => <span className="text-ink-3">–</span>
