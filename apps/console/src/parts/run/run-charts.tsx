'use client'
import type { ChartSeries as Curve } from '@modelyard/contracts'
import { seriesLook } from '@modelyard/ui'
import { Button } from '@modelyard/ui/button'
import { Tag } from '@modelyard/ui/status-pill'
import { type ChartRange, TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { align } from './align.ts'
import { useCurves, useFrame } from './use-curves.ts'

type Props = { project: string; runId: string; initial: Curve[]; live: boolean }

/** More lines than this in one picture nobody tells apart. */
const MOST_LINES = 24

/** `train/loss` and `validation/loss` belong in one picture: the last part of a key names the picture. */
function group(curves: Curve[]): [string, Curve[]][] {
  const groups = new Map<string, Curve[]>()
  for (const curve of curves) {
    const name =
      curve.key
        .split(/[/.]/)
        .at(-1)
        ?.replace(/^(?:train|val|valid|validation|test)_/, '') ?? curve.key
    groups.set(name, [...(groups.get(name) ?? []), curve])
  }
  return [...groups].toSorted(([a], [b]) => a.localeCompare(b))
}

export function RunCharts(props: Props) {
  const t = useTranslations('client.run')
  const curves = useCurves(props)
  // A single point is a result, not a curve.
  const results = useMemo(() => curves.filter(({ points }) => points <= 1), [curves])
  const groups = useMemo(() => group(curves.filter(({ points }) => points > 1)), [curves])
  if (curves.length === 0)
    return <p className="py-6 text-center text-ink-3 text-sm">{props.live ? t('noMetricsYet') : t('noMetrics')}</p>
  return (
    <>
      <div className="grid gap-x-6 gap-y-5 md:grid-cols-2">
        {groups.map(([name, members]) => (
          <MetricChart key={name} name={name} curves={members} project={props.project} runId={props.runId} />
        ))}
      </div>
      {results.length > 0 && <Results curves={results} />}
    </>
  )
}

function Results({ curves }: { curves: Curve[] }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  return (
    <section aria-label={t('results')} className="mt-4 border-line border-t pt-3">
      <h3 className="mb-2 text-ink-3 text-xs">{t('results')}</h3>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 sm:grid-cols-3">
        {curves.map((curve) => (
          <div key={curve.key} className="flex items-baseline justify-between gap-3 text-sm">
            <dt className="mono truncate text-ink-2" title={curve.key}>
              {curve.key}
            </dt>
            <dd className="num font-medium">
              {curve.nonFinite > 0 ? <Tag tone="warn">{t('notFinite')}</Tag> : format.metric(curve.last[0])}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

type ChartProps = { name: string; curves: Curve[]; project: string; runId: string }

/** Curves of one name; a frame drawn in it is read again in finer buckets. */
function MetricChart({ name, curves, project, runId }: ChartProps) {
  const t = useTranslations('client')
  const format = useFormat()
  const [range, setRange] = useState<ChartRange | null>(null)
  const framed = useFrame({ project, runId, curves, range })
  const { x, series } = useMemo(() => {
    const lines = framed.slice(0, MOST_LINES)
    return align(lines.map((curve, index) => ({ key: curve.key, label: curve.key, look: seriesLook(index), curve })))
  }, [framed])
  const summary = curves
    .map((curve) => t('chart.summary', { series: curve.key, last: format.metric(curve.last.at(-1)) }))
    .join('; ')
  const nonFinite = framed.reduce((sum, curve) => sum + curve.nonFinite, 0)
  return (
    <div className="min-w-0">
      <TimeChart
        {...{ x, series, summary }}
        title={name}
        xKind="step"
        syncKey={runId}
        locale={format.locale}
        timeZone={format.timeZone}
        labels={{ table: t('chart.table'), noData: t('chart.noData'), x: t('chart.step') }}
        onRange={setRange}
      />
      {(nonFinite > 0 || range !== null) && (
        <div className="mt-1 flex flex-wrap items-center gap-2">
          {nonFinite > 0 && <Tag tone="warn">{t('run.nonFinite', { count: nonFinite })}</Tag>}
          {range !== null && (
            <Button size="sm" onClick={() => setRange(null)}>
              {t('run.resetZoom')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
