'use client'
import type { MetricSeries } from '@modelyard/contracts'
import { TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { useLive } from '../../live/provider.tsx'

/** A run's curves are read again at most this often, however fast its points come. */
const READ_MS = 1_000

/** The run's series, fresh within a second while it runs. */
function useSeries({ project, runId, initial, live }: Props): MetricSeries[] {
  const { hear, paused } = useLive()
  const [series, setSeries] = useState(initial)
  useEffect(() => setSeries(initial), [initial])
  useEffect(() => {
    if (!live || paused) return
    let stopped = false
    let reading = false
    const read = async () => {
      if (reading || document.hidden) return
      reading = true
      const next = await api.runs.series.query({ project, runId }).catch(() => null)
      reading = false
      if (!stopped && next !== null) setSeries(next)
    }
    const stopHearing = hear((change) => {
      if (change.noun === 'all') void read()
    })
    const clock = setInterval(() => void read(), READ_MS)
    return () => {
      stopped = true
      clearInterval(clock)
      stopHearing()
    }
  }, [project, runId, live, paused, hear])
  return series
}

type Props = { project: string; runId: string; initial: MetricSeries[]; live: boolean }

/** `train/loss` and `validation/loss` belong in one picture: the last part of a key names the picture. */
function group(series: MetricSeries[]): [string, MetricSeries[]][] {
  const groups = new Map<string, MetricSeries[]>()
  for (const item of series) {
    const name =
      item.key
        .split(/[/.]/)
        .at(-1)
        ?.replace(/^(?:train|val|valid|validation|test)_/, '') ?? item.key
    groups.set(name, [...(groups.get(name) ?? []), item])
  }
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b))
}

export function RunCharts(props: Props) {
  const t = useTranslations('client.run')
  const series = useSeries(props)
  // A single point is a result, not a curve.
  const results = useMemo(() => series.filter((item) => item.points <= 1), [series])
  const groups = useMemo(() => group(series.filter((item) => item.points > 1)), [series])
  if (series.length === 0)
    return <p className="py-6 text-center text-ink-3 text-sm">{props.live ? t('noMetricsYet') : t('noMetrics')}</p>
  return (
    <>
      <div className="grid gap-x-6 gap-y-5 md:grid-cols-2">
        {groups.map(([name, items]) => (
          <MetricChart key={name} name={name} items={items} />
        ))}
      </div>
      {results.length > 0 && <Results series={results} />}
    </>
  )
}

function Results({ series }: { series: MetricSeries[] }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  return (
    <section aria-label={t('results')} className="mt-4 border-line border-t pt-3">
      <h3 className="mb-2 text-ink-3 text-xs">{t('results')}</h3>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 sm:grid-cols-3">
        {series.map((item) => (
          <div key={item.key} className="flex items-baseline justify-between gap-3 text-sm">
            <dt className="mono truncate text-ink-2" title={item.key}>
              {item.key}
            </dt>
            <dd className="num font-medium">{format.metric(item.last[0])}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Series of one picture on the union of their steps; where one has no point, it has a gap. */
function align(items: MetricSeries[]) {
  const x = [...new Set(items.flatMap((item) => item.steps))].toSorted((a, b) => a - b)
  const place = (item: MetricSeries, values: (number | null)[]) => {
    const at = new Map(item.steps.map((step, index) => [step, values[index] ?? null]))
    return x.map((step) => at.get(step) ?? null)
  }
  return {
    x,
    series: items.slice(0, 8).map((item, index) => ({
      key: item.key,
      label: item.key,
      color: (index + 1) as 1,
      values: place(item, item.last),
      // A band says that buckets hold more than one point; without that it would only repeat the line.
      ...(item.points > item.steps.length ? { low: place(item, item.min), high: place(item, item.max) } : {}),
    })),
  }
}

function MetricChart({ name, items }: { name: string; items: MetricSeries[] }) {
  const t = useTranslations('client.chart')
  const format = useFormat()
  const { x, series } = useMemo(() => align(items), [items])
  const summary = items
    .map((item) => t('summary', { series: item.key, last: format.metric(item.last.at(-1)) }))
    .join('; ')
  return (
    <TimeChart
      title={name}
      x={x}
      xKind="step"
      series={series}
      summary={summary}
      locale={format.locale}
      timeZone={format.timeZone}
      labels={{ table: t('table'), noData: t('noData'), x: t('step') }}
    />
  )
}
