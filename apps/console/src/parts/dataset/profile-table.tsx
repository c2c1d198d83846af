'use client'
import type { ColumnProfile } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { Histogram } from '@modelyard/ui/histogram'
import { Tag } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { useTableView } from '../use-table-view.ts'

type Words = ReturnType<typeof useTranslations<'client.dataset'>>

function Shape({ column, t, format }: { column: ColumnProfile; t: Words; format: Format }) {
  if (column.histogram.length > 1) {
    const label = t('shape', { name: column.name, min: format.metric(column.min), max: format.metric(column.max) })
    return <Histogram counts={column.histogram} label={label} />
  }
  return (
    <span className="block max-w-44 truncate text-ink-2 text-xs">
      {column.top
        .slice(0, 3)
        .map((item) => `${item.value} ${format.number(item.count)}`)
        .join(' · ')}
    </span>
  )
}

type Part = { t: Words; format: Format }

function whatColumns({
  t,
  format,
  rows,
  labelColumn,
}: Part & { rows: number; labelColumn: string }): DataColumn<ColumnProfile>[] {
  return [
    {
      key: 'name',
      header: t('column'),
      value: (row) => row.name,
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5">
          <span className="mono">{row.name}</span>
          {row.name === labelColumn && <Tag tone="active">{t('label')}</Tag>}
        </span>
      ),
    },
    {
      key: 'type',
      header: t('type'),
      wideOnly: true,
      value: (row) => row.type,
      cell: (row) => <span className="text-ink-2">{t(`columnType.${row.type}`)}</span>,
    },
    {
      key: 'missing',
      header: t('missing'),
      numeric: true,
      value: (row) => row.missing,
      cell: (row) => (
        <span className={row.missing > 0 ? 'text-warn' : 'text-ink-3'}>
          {format.percent(rows === 0 ? 0 : row.missing / rows, 2)}
        </span>
      ),
    },
  ]
}

function numberColumns({ t, format }: Part): DataColumn<ColumnProfile>[] {
  return [
    {
      key: 'distinct',
      header: t('distinct'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.distinct,
      cell: (row) => format.number(row.distinct),
    },
    {
      key: 'shape',
      header: t('distribution'),
      sortable: false,
      value: () => null,
      cell: (row) => <Shape column={row} t={t} format={format} />,
    },
    ...(['min', 'median', 'mean', 'max'] as const).map(
      (key): DataColumn<ColumnProfile> => ({
        key,
        header: t(key),
        numeric: true,
        wideOnly: true,
        value: (row) => row[key],
        cell: (row) => format.metric(row[key]),
      }),
    ),
  ]
}

/** Every column of the file: what it holds, how much is missing, how it is spread. */
export function ProfileTable({
  columns,
  rows,
  labelColumn,
}: {
  columns: ColumnProfile[]
  rows: number
  labelColumn: string
}) {
  const t = useTranslations('client.dataset')
  const format = useFormat()
  const table = useTableView()
  const defs = useMemo<DataColumn<ColumnProfile>[]>(
    () => [...whatColumns({ t, format, rows, labelColumn }), ...numberColumns({ t, format })],
    [t, format, rows, labelColumn],
  )
  return (
    <DataTable
      caption={t('profile')}
      rows={columns}
      columns={defs}
      rowKey={(row) => row.name}
      {...table}
      empty={<p className="px-4 py-3 text-ink-3">{t('noColumns')}</p>}
    />
  )
}
