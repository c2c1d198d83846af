'use client'
import type { Rollout } from '@modelyard/contracts'
import { type ChartSeries, TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../format/use-format.ts'

/** The evidence as it grew, against the line where it decides; decades, because it grows in factors. */
export function EvidenceChart({ rollout }: { rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const chart = useTranslations('client.chart')
  const format = useFormat()
  const { evidenceSeries, guards } = rollout
  const { x, columns } = useMemo(() => {
    const instants = [...new Set(evidenceSeries.map((point) => Date.parse(point.at) / 1000))].toSorted((a, b) => a - b)
    const kinds = [...new Set(evidenceSeries.map((point) => point.guard))]
    const byKey = new Map(
      evidenceSeries.map((point) => [`${point.guard}@${Date.parse(point.at) / 1000}`, point.logE / Math.LN10]),
    )
    return {
      x: instants,
      columns: kinds.map((kind) => ({ kind, values: instants.map((at) => byKey.get(`${kind}@${at}`) ?? null) })),
    }
  }, [evidenceSeries])
  const series = columns.map(
    ({ kind, values }, index): ChartSeries => ({
      key: kind,
      label: t(`guard.${kind}`),
      values,
      color: (index + 1) as ChartSeries['color'],
      dash: index > 0,
    }),
  )
  const limit = guards[0]?.logThreshold
  return (
    <TimeChart
      title={t('evidenceTitle')}
      unit="log10 e"
      x={x}
      xKind="time"
      series={series}
      digits={2}
      height={240}
      threshold={limit === undefined ? undefined : { value: limit / Math.LN10, label: t('decides') }}
      summary={series
        .map((item) => chart('summary', { series: item.label, last: format.number(item.values.at(-1), 2) }))
        .join('; ')}
      locale={format.locale}
      timeZone={format.timeZone}
      labels={{ table: chart('table'), noData: chart('noData'), x: chart('time') }}
    />
  )
}
