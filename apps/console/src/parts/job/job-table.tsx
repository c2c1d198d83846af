'use client'
import type { JobSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { z } from 'zod'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'

type Row = z.infer<typeof JobSummary>

type Words = ReturnType<typeof useTranslations<'client.job'>>

function columnsOf(project: string, t: Words): DataColumn<Row>[] {
  return [
    {
      key: 'name',
      header: t('name'),
      value: (row) => `${row.name} ${row.id} ${row.whyWaiting?.message ?? ''}`,
      cell: (row) => (
        <>
          <Link href={links.job(project, row.id)} prefetch={false} className={rowLink}>
            {row.name}
          </Link>
          {row.whyWaiting !== null && (
            <span className="block max-w-[60ch] text-warn text-xs">{row.whyWaiting.message}</span>
          )}
        </>
      ),
    },
    {
      key: 'state',
      header: t('state'),
      value: (row) => row.state,
      cell: (row) => <StatePill noun="job" state={row.state} quiet />,
    },
    {
      key: 'recipe',
      header: t('recipe'),
      wideOnly: true,
      value: (row) => row.recipe,
      cell: (row) => <span className="mono">{row.recipe}</span>,
    },
    { key: 'attempts', header: t('attempts'), numeric: true, wideOnly: true, value: (row) => row.attempts },
    {
      key: 'by',
      header: t('by'),
      wideOnly: true,
      value: (row) => row.createdBy.label,
      cell: (row) => <Actor actor={row.createdBy} />,
    },
    {
      key: 'created',
      header: t('created'),
      value: (row) => row.createdAt,
      cell: (row) => <When at={row.createdAt} />,
    },
  ]
}

/** The queue and its past; a waiting job says what it waits for. */
export function JobTable({ project, rows }: { project: string; rows: Row[] }) {
  const t = useTranslations('client.job')
  const table = useTableView('-created')
  const columns = useMemo<DataColumn<Row>[]>(() => columnsOf(project, t), [project, t])
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
