'use client'
import type { AlertSummary } from '@modelyard/contracts'
import { cn } from '@modelyard/ui'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
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
import { Deliveries } from './deliveries.tsx'

type Row = z.infer<typeof AlertSummary>
type Words = ReturnType<typeof useTranslations<'client.alert'>>
const rank: Record<Row['severity'], number> = { critical: 2, warning: 1, info: 0 }

/** What it says; on a phone also how bad it is and where it stands. */
function Summary({ row }: { row: Row }) {
  return (
    <>
      <span className="mb-1 flex gap-3 md:hidden">
        <StatePill noun="severity" state={row.severity} quiet />
        <StatePill noun="alert" state={row.state} quiet />
      </span>
      <a href={links.alert(row.id)} className={cn(rowLink, 'block max-w-[64ch] [overflow-wrap:anywhere]')}>
        {row.summary}
      </a>
      <span className="mono block text-ink-3 text-xs">
        {row.rule}
        {row.endpoint !== null && ` · ${row.endpoint}`}
      </span>
    </>
  )
}

function columnsOf({ t, format }: { t: Words; format: Format }): DataColumn<Row>[] {
  return [
    {
      key: 'severity',
      wideOnly: true,
      header: t('severity'),
      ranked: true,
      value: (row) => rank[row.severity],
      cell: (row) => <StatePill noun="severity" state={row.severity} />,
    },
    {
      key: 'summary',
      header: t('what'),
      value: (row) => `${row.summary} ${row.rule} ${row.endpoint ?? ''}`,
      cell: (row) => <Summary row={row} />,
    },
    {
      key: 'state',
      wideOnly: true,
      header: t('state'),
      value: (row) => row.state,
      cell: (row) => <StatePill noun="alert" state={row.state} quiet />,
    },
    {
      key: 'count',
      header: t('count'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.count,
      cell: (row) => `×${format.number(row.count)}`,
    },
    {
      key: 'acked',
      header: t('ackedBy'),
      wideOnly: true,
      value: (row) => row.ackedBy?.label ?? null,
      cell: (row) => (row.ackedBy === null ? <span className="text-ink-3">–</span> : <Actor actor={row.ackedBy} />),
    },
    {
      key: 'deliveries',
      header: t('told'),
      wideOnly: true,
      sortable: false,
      value: (row) => row.deliveries.map((item) => item.channel).join(' '),
      cell: (row) => <Deliveries deliveries={row.deliveries} />,
    },
    { key: 'opened', header: t('opened'), value: (row) => row.openedAt, cell: (row) => <When at={row.openedAt} /> },
  ]
}

/** What is new, how bad, who owns it. */
export function AlertTable({ rows, quiet }: { rows: Row[]; quiet: boolean }) {
  const t = useTranslations('client.alert')
  const format = useFormat()
  const table = useTableView('-opened')
  const columns = useMemo(() => columnsOf({ t, format }), [t, format])
  return (
    <DataTable
      caption={t('list')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      {...table}
      empty={
        <EmptyState
          title={quiet ? t('quiet.title') : t('none.title')}
          body={quiet ? t('quiet.body') : t('none.body')}
        />
      }
    />
  )
}
