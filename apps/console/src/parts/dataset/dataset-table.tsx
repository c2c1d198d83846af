'use client'
import type { DatasetSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'

type Row = z.infer<typeof DatasetSummary>

export function DatasetTable({ project, rows }: { project: string; rows: Row[] }) {
  const t = useTranslations('client.dataset')
  const format = useFormat()
  const table = useTableView()
  const columns = useMemo<DataColumn<Row>[]>(
    () => [
      {
        key: 'name',
        header: t('name'),
        value: (row) => row.name,
        cell: (row) => (
          <Link href={links.dataset(project, row.name, row.latest.version)} prefetch={false} className={rowLink}>
            {row.name}
          </Link>
        ),
      },
      {
        key: 'version',
        header: t('latest'),
        numeric: true,
        value: (row) => row.latest.version,
        cell: (row) => `v${row.latest.version}`,
      },
      {
        key: 'gates',
        header: t('gates'),
        value: (row) => (row.latest.blocked ? 1 : 0),
        cell: (row) => <StatePill noun="gate" state={row.latest.blocked ? 'fail' : 'pass'} quiet />,
      },
      {
        key: 'rows',
        header: t('rows'),
        numeric: true,
        value: (row) => row.latest.rows,
        cell: (row) => format.number(row.latest.rows),
      },
      { key: 'columns', header: t('columns'), numeric: true, wideOnly: true, value: (row) => row.latest.columns },
      { key: 'versions', header: t('versions'), numeric: true, wideOnly: true, value: (row) => row.versions },
      {
        key: 'created',
        header: t('registered'),
        wideOnly: true,
        value: (row) => row.latest.createdAt,
        cell: (row) => <When at={row.latest.createdAt} />,
      },
    ],
    [project, t, format],
  )
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
