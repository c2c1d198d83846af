'use client'
import type { FeatureDrift } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { HistogramPair } from '@modelyard/ui/histogram'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'

type Words = ReturnType<typeof useTranslations<'client.drift'>>
const severity: Record<FeatureDrift['verdict'], number> = { critical: 3, warn: 2, ok: 1, insufficient: 0 }

function columnsOf({ t, format }: { t: Words; format: Format }): DataColumn<FeatureDrift>[] {
  return [
    {
      key: 'feature',
      header: t('feature'),
      value: (row) => row.feature,
      cell: (row) => <span className="mono font-medium">{row.feature}</span>,
    },
    {
      key: 'verdict',
      header: t('verdict'),
      ranked: true,
      value: (row) => severity[row.verdict],
      cell: (row) => <StatePill noun="drift" state={row.verdict} quiet />,
    },
    {
      key: 'statistic',
      header: 'D',
      numeric: true,
      value: (row) => row.statistic,
      cell: (row) => <span className="font-medium">{row.statistic.toFixed(3)}</span>,
    },
    {
      key: 'pAdjusted',
      header: t('pAdjusted'),
      numeric: true,
      value: (row) => row.pAdjusted,
      cell: (row) => format.p(row.pAdjusted),
    },
    {
      key: 'shape',
      header: t('shape'),
      sortable: false,
      value: () => null,
      cell: (row) => (
        <HistogramPair reference={row.reference} current={row.current} label={t('pair', { name: row.feature })} />
      ),
    },
    ...detailColumns({ t, format }),
  ]
}

/** What a phone leaves out. */
function detailColumns({ t, format }: { t: Words; format: Format }): DataColumn<FeatureDrift>[] {
  return [
    {
      key: 'wasserstein',
      header: t('wasserstein'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.wassersteinSd,
      cell: (row) => format.metric(row.wassersteinSd),
    },
    {
      key: 'psi',
      header: 'PSI',
      numeric: true,
      wideOnly: true,
      value: (row) => row.psi,
      cell: (row) => format.metric(row.psi),
    },
    {
      key: 'test',
      header: t('test'),
      wideOnly: true,
      value: (row) => row.test,
      cell: (row) => <span className="text-ink-2">{t(`testName.${row.test}`)}</span>,
    },
    {
      key: 'p',
      header: t('p'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.p,
      cell: (row) => <span className="text-ink-3">{format.p(row.p)}</span>,
    },
  ]
}

/** Feature by feature; the largest distance first, because with many rows every p is small. */
export function FeatureTable({ features, effectGate }: { features: FeatureDrift[]; effectGate: number }) {
  const t = useTranslations('client.drift')
  const format = useFormat()
  const table = useTableView('-statistic')
  const columns = useMemo(() => columnsOf({ t, format }), [t, format])
  return (
    <>
      <DataTable
        caption={t('features')}
        rows={features}
        columns={columns}
        rowKey={(row) => row.feature}
        {...table}
        empty={<p className="px-4 py-3 text-ink-3">{t('noFeatures')}</p>}
      />
      <p className="border-line border-t px-4 py-2 text-ink-3 text-xs">
        {t('legend', { gate: format.metric(effectGate) })}
      </p>
    </>
  )
}
