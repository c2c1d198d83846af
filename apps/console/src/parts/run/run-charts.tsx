'use client'
import type { ChartSeries as Curve } from '@modelyard/contracts'
import { cn, seriesLook } from '@modelyard/ui'
import { Tag } from '@modelyard/ui/status-pill'
import { type ChartRange, TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { align, type Line, stepsWithin } from './align.ts'
import { ChartBar } from './chart-bar.tsx'
import { ChartNotes, lookOf } from './chart-notes.tsx'
import type { ChartView } from './chart-view.ts'
import { useChartView } from './use-chart-view.ts'
import { useCurves, useFrame } from './use-curves.ts'

type Props = {
  project: string
  runId: string
  initial: Curve[]
  live: boolean
  startedAt: string | null
  /** One picture beside another has no room here. */
  narrow?: boolean
}

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

/** A run's curves in pictures, drawn alike, and single values as a list. */
export function RunCharts(props: Props) {
  const t = useTranslations('client.run')
  const curves = useCurves(props)
  const { view, setView } = useChartView()
  // A single point is a result, not a curve.
  const results = useMemo(() => curves.filter(({ points }) => points <= 1), [curves])
  const groups = useMemo(() => group(curves.filter(({ points }) => points > 1)), [curves])
  if (curves.length === 0)
    return <p className="py-6 text-center text-ink-3 text-sm">{props.live ? t('noMetricsYet') : t('noMetrics')}</p>
  return (
    <>
      {groups.length > 0 && (
        <div className="mb-4">
          <ChartBar view={view} onChange={setView} />
        </div>
      )}
      <div className={cn('grid gap-x-6 gap-y-5', !props.narrow && 'md:grid-cols-2')}>
        {groups.map(([name, members]) => (
          <MetricChart key={`${view.x} ${name}`} {...{ ...props, name, view }} curves={members} />
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

type ChartProps = Pick<Props, 'project' | 'runId' | 'startedAt'> & { name: string; curves: Curve[]; view: ChartView }

/** Curves of one name; a frame drawn in it is read again in finer buckets. */
function MetricChart({ name, curves, view, project, runId, startedAt }: ChartProps) {
  const t = useTranslations('client')
  const format = useFormat()
  const [range, setRange] = useState<ChartRange | null>(null)
  const linesOf = useCallback(
    (of: readonly Curve[]): Line[] => {
      const beganAtMs = startedAt === null ? null : Date.parse(startedAt)
      return of
        .slice(0, MOST_LINES)
        .map((curve, index) => ({ key: curve.key, label: curve.key, look: seriesLook(index), curve, beganAtMs }))
    },
    [startedAt],
  )
  const steps = useMemo(
    () => (range === null ? null : stepsWithin(linesOf(curves), view.x, range)),
    [curves, linesOf, range, view.x],
  )
  const framed = useFrame({ project, runId, curves, steps })
  const { x, series } = useMemo(() => align(linesOf(framed), view, range), [framed, linesOf, view, range])
  const summary = curves
    .map((curve) => t('chart.summary', { series: curve.key, last: format.metric(curve.last.at(-1)) }))
    .join('; ')
  return (
    <div className="min-w-0">
      <TimeChart
        {...{ x, series, summary }}
        title={name}
        {...lookOf(view)}
        syncKey={runId}
        locale={format.locale}
        timeZone={format.timeZone}
        labels={{
          ...{ table: t('chart.table'), noData: t('chart.noData'), smoothed: t('chart.smoothed') },
          x: t(`chart.along.${view.x}`),
        }}
        onRange={setRange}
      />
      <ChartNotes curves={framed} log={view.log} onReset={range === null ? null : () => setRange(null)} />
    </div>
  )
}
