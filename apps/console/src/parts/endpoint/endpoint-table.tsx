'use client'
import type { EndpointSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import { StatusPill } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'
import { TrafficBar } from './traffic-bar.tsx'

type Words = ReturnType<typeof useTranslations<'client.endpoint'>>
const severity: Record<EndpointSummary['health'], number> = { down: 0, degraded: 1, healthy: 2, idle: 3 }

function columnsOf({
  project,
  t,
  format,
}: {
  project: string
  t: Words
  format: Format
}): DataColumn<EndpointSummary>[] {
  return [
    {
      key: 'name',
      header: t('name'),
      value: (row) => row.name,
      cell: (row) => (
        <Link href={links.endpoint(project, row.name)} prefetch={false} className={rowLink}>
          {row.name}
        </Link>
      ),
    },
    {
      key: 'health',
      header: t('health'),
      ranked: true,
      value: (row) => severity[row.health],
      cell: (row) => <StatePill noun="health" state={row.health} quiet />,
    },
    {
      key: 'traffic',
      header: t('traffic'),
      sortable: false,
      wideOnly: true,
      value: (row) => row.variants.map((variant) => `r${variant.number}`).join(' '),
      cell: (row) => <TrafficBar variants={row.variants} />,
    },
    ...numberColumns({ t, format }),
  ]
}

function numberColumns({ t, format }: { t: Words; format: Format }): DataColumn<EndpointSummary>[] {
  return [
    {
      key: 'rps',
      header: t('rps'),
      numeric: true,
      value: (row) => row.requestsPerSecond,
      cell: (row) => format.number(row.requestsPerSecond, 1),
    },
    {
      key: 'errors',
      header: t('errors'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.errorRatio,
      cell: (row) => format.percent(row.errorRatio, 2),
    },
    {
      key: 'p95',
      header: 'p95',
      numeric: true,
      wideOnly: true,
      value: (row) => row.p95Ms,
      cell: (row) => format.ms(row.p95Ms),
    },
    {
      key: 'drift',
      header: t('driftColumn'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.driftedFeatures,
      cell: (row) => format.number(row.driftedFeatures),
    },
    {
      key: 'alerts',
      header: t('alerts'),
      value: (row) => row.firingAlerts,
      cell: (row) =>
        row.firingAlerts === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <StatusPill tone="crit" icon="warn" label={format.number(row.firingAlerts)} quiet />
        ),
    },
    {
      key: 'change',
      header: t('lastChange'),
      wideOnly: true,
      value: (row) => row.lastChange?.at ?? null,
      cell: (row) => (row.lastChange === null ? '–' : <When at={row.lastChange.at} />),
    },
  ]
}

/** Which is worst? The sickest first. */
export function EndpointTable({ project, rows }: { project: string; rows: EndpointSummary[] }) {
  const t = useTranslations('client.endpoint')
  const format = useFormat()
  const table = useTableView('health')
  const columns = useMemo(() => columnsOf({ project, t, format }), [project, t, format])
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
