'use client'
import type { RunSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { z } from 'zod'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'

type Row = z.infer<typeof RunSummary>
type Words = ReturnType<typeof useTranslations<'client.run'>>

/** More metric columns than this make a table nobody reads; the run's page has them all. */
const METRIC_COLUMNS = 4

/** The metrics most runs have, in the order of how many have them. */
function commonMetrics(rows: Row[]): string[] {
  const counts = new Map<string, number>()
  for (const row of rows) for (const key of Object.keys(row.metrics)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, METRIC_COLUMNS)
    .map(([key]) => key)
}

function metricColumn(key: string, format: Format): DataColumn<Row> {
  return {
    key: `metric.${key}`,
    header: key,
    numeric: true,
    wideOnly: true,
    value: (row) => row.metrics[key] ?? null,
    cell: (row) => (key in row.metrics && row.metrics[key] === null ? 'NaN' : format.metric(row.metrics[key])),
  }
}

function columnsOf({
  project,
  rows,
  t,
  format,
}: {
  project: string
  rows: Row[]
  t: Words
  format: Format
}): DataColumn<Row>[] {
  return [
    {
      key: 'name',
      header: t('name'),
      value: (row) => `${row.name} ${row.id}`,
      cell: (row) => (
        <Link href={links.run(project, row.id)} prefetch={false} className={rowLink}>
          {row.name}
        </Link>
      ),
    },
    {
      key: 'status',
      header: t('status'),
      value: (row) => row.status,
      cell: (row) => <StatePill noun="run" state={row.status} quiet />,
    },
    { key: 'experiment', header: t('experiment'), wideOnly: true, value: (row) => row.experiment },
    ...commonMetrics(rows).map((key) => metricColumn(key, format)),
    {
      key: 'duration',
      header: t('duration'),
      numeric: true,
      wideOnly: true,
      value: (row) =>
        row.startedAt === null || row.endedAt === null ? null : Date.parse(row.endedAt) - Date.parse(row.startedAt),
      cell: (row) =>
        row.startedAt === null || row.endedAt === null ? '–' : format.between(row.startedAt, row.endedAt, 0),
    },
    {
      key: 'by',
      header: t('by'),
      wideOnly: true,
      value: (row) => row.createdBy.label,
      cell: (row) => <Actor actor={row.createdBy} />,
    },
    { key: 'created', header: t('created'), value: (row) => row.createdAt, cell: (row) => <When at={row.createdAt} /> },
  ]
}

export function RunTable({ project, rows }: { project: string; rows: Row[] }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  const table = useTableView('-created')
  const columns = useMemo(() => columnsOf({ project, rows, t, format }), [project, rows, t, format])
  return (
    <DataTable
      caption={t('list')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      {...table}
      empty={<EmptyState title={t('empty.title')} body={t('empty.body')} />}
    />
  )
}
