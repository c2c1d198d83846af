'use client'
import type { ModelVersionSummary } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import { Tag } from '@modelyard/ui/status-pill'
import { Columns3 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { z } from 'zod'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'
import { Aliases } from './aliases.tsx'
import { LiveOn } from './live-on.tsx'

type Row = z.infer<typeof ModelVersionSummary>
type Words = ReturnType<typeof useTranslations<'client.model'>>

const COMPARE_FORM = 'compare-versions'

function identity(project: string, t: Words): DataColumn<Row>[] {
  return [
    {
      key: 'version',
      header: t('version'),
      ranked: true,
      value: (row) => row.version,
      cell: (row) => (
        <>
          <Link href={links.model(project, row.model, row.version)} prefetch={false} className={rowLink}>
            <span className="mono">v{row.version}</span>
          </Link>{' '}
          <Aliases names={row.aliases} />
          {row.format === 'opaque' && <Tag>{t('format.opaque')}</Tag>}
        </>
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
  ]
}

function measurements(t: Words, format: Format): DataColumn<Row>[] {
  return [
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
      wideOnly: true,
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

/** Every version of one model, the newest first; what is ticked is compared by an ordinary form. */
export function VersionTable({ project, model, rows }: { project: string; model: string; rows: Row[] }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  const table = useTableView('-version')
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  const columns = useMemo<DataColumn<Row>[]>(() => {
    const pick = (version: number, on: boolean) =>
      setPicked((before) => new Set(on ? [...before, version] : [...before].filter((each) => each !== version)))
    const tick: DataColumn<Row> = {
      key: 'pick',
      header: t('pick'),
      sortable: false,
      value: () => null,
      className: 'w-10',
      cell: (row) => (
        <label className="relative z-10 inline-flex size-6 items-center justify-center max-md:size-11">
          <input
            type="checkbox"
            form={COMPARE_FORM}
            name="v"
            value={row.version}
            aria-label={t('pickVersion', { version: row.version })}
            className="size-4 accent-accent"
            onChange={(event) => pick(row.version, event.target.checked)}
          />
        </label>
      ),
    }
    return [tick, ...identity(project, t), ...measurements(t, format)]
  }, [project, t, format])
  return (
    <>
      <form id={COMPARE_FORM} method="get" action={links.modelCompare(project, model)} />
      <DataTable
        caption={t('list')}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.id}
        {...table}
        toolbar={
          <Button type="submit" form={COMPARE_FORM} size="sm" disabled={picked.size === 1}>
            <Columns3 aria-hidden />
            {picked.size === 0 ? t('compare') : t('compareCount', { count: picked.size })}
          </Button>
        }
        empty={<EmptyState title={t('noVersions.title')} body={t('noVersions.body')} />}
      />
    </>
  )
}
