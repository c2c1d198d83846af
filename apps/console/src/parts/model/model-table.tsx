'use client'
import type { ModelVersionSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import { Tag } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { z } from 'zod'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'

type Row = z.infer<typeof ModelVersionSummary>

/** Where a version serves now, in words. */
export function LiveOn({ liveOn }: { liveOn: Row['liveOn'] }) {
  const t = useTranslations('client.role')
  if (liveOn.length === 0) return <span className="text-ink-3">–</span>
  return (
    <span className="flex flex-wrap gap-1">
      {liveOn.map((place) => (
        <Tag key={`${place.endpointId}:${place.variant}`} tone={place.role === 'stable' ? 'ok' : 'active'}>
          {place.endpoint} r{place.variant} · {t(place.role)}
        </Tag>
      ))}
    </span>
  )
}

type Words = ReturnType<typeof useTranslations<'client.model'>>

function columnsOf({ project, t, format }: { project: string; t: Words; format: Format }): DataColumn<Row>[] {
  return [
    {
      key: 'model',
      header: t('model'),
      value: (row) => `${row.model} v${row.version} ${row.id}`,
      cell: (row) => (
        <Link href={links.model(project, row.model, row.version)} prefetch={false} className={rowLink}>
          {row.model} <span className="mono text-ink-2">v{row.version}</span>
        </Link>
      ),
    },
    {
      key: 'stage',
      header: t('stage'),
      value: (row) => row.stage,
      cell: (row) => <StatePill noun="stage" state={row.stage} quiet />,
    },
    {
      key: 'gates',
      header: t('gates'),
      wideOnly: true,
      value: (row) => (row.gatesPassed ? 0 : 1),
      cell: (row) => <StatePill noun="gate" state={row.gatesPassed ? 'pass' : 'fail'} quiet />,
    },
    {
      key: 'accuracy',
      header: t('accuracy'),
      numeric: true,
      value: (row) => row.accuracy,
      cell: (row) => format.percent(row.accuracy, 2),
    },
    {
      key: 'p95',
      header: 'p95',
      numeric: true,
      wideOnly: true,
      value: (row) => row.p95LatencyMs,
      cell: (row) => format.ms(row.p95LatencyMs),
    },
    {
      key: 'live',
      header: t('liveOn'),
      value: (row) => row.liveOn.map((place) => place.endpoint).join(' '),
      cell: (row) => <LiveOn liveOn={row.liveOn} />,
    },
    {
      key: 'created',
      header: t('registered'),
      wideOnly: true,
      value: (row) => row.createdAt,
      cell: (row) => <When at={row.createdAt} />,
    },
  ]
}

/** Every version of every model; the newest first. */
export function ModelTable({ project, rows }: { project: string; rows: Row[] }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  const table = useTableView('-created')
  const columns = useMemo<DataColumn<Row>[]>(() => columnsOf({ project, t, format }), [project, t, format])
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
