'use client'
import type { TrafficPoint } from '@modelyard/contracts'
import { type ChartMarker, type ChartSeries, TimeChart, type TimeChartProps } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { toSeries } from './series.ts'

type Props = {
  points: z.infer<typeof TrafficPoint>[]
  lastSampleAt: string | null
  p95LimitMs: number | null
  errorLimit: number | null
  deploys: { at: string; label: string }[]
}

/** Silence longer than this is said in words. */
const STALE_MS = 30_000

function perVariant(columns: Map<number, (number | null)[]>): ChartSeries[] {
  return [...columns].map(([variant, values], index) => ({
    key: `r${variant}`,
    label: `r${variant}`,
    values,
    color: ((index % 8) + 1) as ChartSeries['color'],
    dash: index > 0,
  }))
}

/** Rate, errors and latency on one clock, with every deployment marked. */
export function TrafficCharts({ points, lastSampleAt, p95LimitMs, errorLimit, deploys }: Props) {
  const t = useTranslations('client.endpoint')
  const chart = useTranslations('client.chart')
  const format = useFormat()
  const series = useMemo(() => toSeries(points), [points])
  const rates = useMemo(() => perVariant(series.requestsPerSecond), [series])
  const errors = useMemo(() => perVariant(series.errorRatio), [series])
  const latency = useMemo<ChartSeries[]>(
    () => [
      { key: 'p50', label: 'p50', values: series.p50, color: 5 },
      { key: 'p95', label: 'p95', values: series.p95, color: 1 },
      { key: 'p99', label: 'p99', values: series.p99, color: 2, dash: true },
    ],
    [series],
  )
  const markers: ChartMarker[] = deploys.map((deploy) => ({
    x: Date.parse(deploy.at) / 1000,
    label: deploy.label,
    tone: 'info',
  }))
  const stale = lastSampleAt !== null && Date.now() - Date.parse(lastSampleAt) > STALE_MS
  const common = {
    x: series.x,
    xKind: 'time' as const,
    markers,
    locale: format.locale,
    timeZone: format.timeZone,
    labels: { table: chart('table'), noData: chart('noData'), x: chart('time') },
    staleNote: stale && lastSampleAt !== null ? chart('stale', { at: format.clock(lastSampleAt) }) : undefined,
  }
  const draw = (props: Pick<TimeChartProps, 'title' | 'unit' | 'series'> & Partial<TimeChartProps>) => {
    const lasts = props.series.map((item) =>
      chart('summary', { series: item.label, last: format.metric(item.values.at(-1)) }),
    )
    return <TimeChart {...common} summary={lasts.join('; ')} {...props} />
  }
  return (
    <div className="grid gap-x-6 gap-y-5 lg:grid-cols-3">
      {draw({ title: t('rps'), unit: t('perSecond'), series: rates })}
      {draw({
        title: t('errors'),
        unit: '%',
        scale: 100,
        series: errors,
        threshold:
          errorLimit === null
            ? undefined
            : { value: errorLimit, label: t('limit', { value: format.percent(errorLimit, 2) }) },
      })}
      {draw({
        title: t('latency'),
        unit: 'ms',
        series: latency,
        threshold:
          p95LimitMs === null ? undefined : { value: p95LimitMs, label: t('limit', { value: format.ms(p95LimitMs) }) },
      })}
    </div>
  )
}
