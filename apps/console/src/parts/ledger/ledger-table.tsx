'use client'
import type { LedgerEntry } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { short } from '../../format/format.ts'
import { Actor } from '../actor.tsx'
import { IdLink } from '../facts.tsx'
import { useTableView } from '../use-table-view.ts'
import { Clock, When } from '../when.tsx'

type Words = ReturnType<typeof useTranslations<'client.ledger'>>

function columnsOf(project: string, t: Words): DataColumn<LedgerEntry>[] {
  return [
    { key: 'seq', header: '#', numeric: true, value: (row) => row.seq },
    {
      key: 'at',
      header: t('at'),
      value: (row) => row.at,
      cell: (row) => (
        <span className="text-ink-2">
          <Clock at={row.at} />
          <span className="block text-ink-3 text-xs max-md:hidden">
            <When at={row.at} />
          </span>
        </span>
      ),
    },
    {
      key: 'actor',
      header: t('actor'),
      wideOnly: true,
      value: (row) => row.actor.label,
      cell: (row) => <Actor actor={row.actor} />,
    },
    {
      key: 'action',
      header: t('what'),
      value: (row) => `${row.action} ${row.summary}`,
      cell: (row) => (
        <span className="block min-w-40 max-w-[70ch] [overflow-wrap:anywhere]">
          <span className="block text-ink">{row.summary}</span>
          <span className="mono text-ink-3 text-xs">{row.action}</span>
        </span>
      ),
    },
    {
      key: 'target',
      header: t('target'),
      wideOnly: true,
      value: (row) => row.targetId,
      cell: (row) => <IdLink project={project} id={row.targetId} label={row.targetKind} />,
    },
    {
      key: 'hash',
      header: t('hash'),
      wideOnly: true,
      sortable: false,
      value: (row) => row.hash,
      cell: (row) => (
        <code className="mono text-ink-3" title={`${row.prevHash} → ${row.hash}`}>
          {short(row.hash, 8)}
        </code>
      ),
    },
  ]
}

/** Who did what to which thing, in the order of the chain. */
export function LedgerTable({ project, rows }: { project: string; rows: LedgerEntry[] }) {
  const t = useTranslations('client.ledger')
  const table = useTableView('-seq')
  const columns = useMemo<DataColumn<LedgerEntry>[]>(() => columnsOf(project, t), [project, t])
  return (
    <DataTable
      caption={t('list')}
      rows={rows}
      columns={columns}
      rowKey={(row) => String(row.seq)}
      {...table}
      empty={<EmptyState title={t('empty.title')} body={t('empty.body')} />}
    />
  )
}
