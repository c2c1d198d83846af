'use client'
import type { ComparedRun, ChartSeries as Curve } from '@modelyard/contracts'
import { seriesLook } from '@modelyard/ui'
import { Select } from '@modelyard/ui/field'
import { type ChartRange, TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { align, type Line, stepsWithin } from '../run/align.ts'
import { ChartBar } from '../run/chart-bar.tsx'
import { ChartNotes, lookOf } from '../run/chart-notes.tsx'
import { useChartView } from '../run/use-chart-view.ts'

type Props = {
  project: string
  runs: ComparedRun[]
  shown: ReadonlySet<string>
  metric: string
  onMetric: (metric: string) => void
}
/** A running run's curve grows; it is read again this often. */
const FRESH_MS = 5_000

type Steps = { from: number; to: number }

function useCurves({ project, runs, metric }: Props, steps: Steps | null): Curve[] | null {
  const [curves, setCurves] = useState<Curve[] | null>(null)
  const ids = runs.map(({ id }) => id).join()
  const live = runs.some(({ status }) => status === 'running')
  const [fromStep, toStep] = [steps?.from, steps?.to]
  useEffect(() => {
    if (metric === '') return
    let stopped = false
    const read = async () => {
      if (document.hidden) return
      const asked = { project, runIds: ids.split(','), key: metric, fromStep, toStep }
      const found = await api.runs.compareSeries.query(asked).catch(() => null)
      if (!stopped && found !== null) setCurves(found)
    }
    void read()
    const clock = live ? setInterval(() => void read(), FRESH_MS) : undefined
    return () => {
      stopped = true
      clearInterval(clock)
    }
  }, [project, ids, metric, fromStep, toStep, live])
  return curves
}

/** One metric's curves over one another, with the band of each bucket's extremes. */
export function CompareCurves(props: Props) {
  const { runs, shown, metric, onMetric } = props
  const t = useTranslations('client')
  const format = useFormat()
  const { view, setView } = useChartView()
  const [frame, setFrame] = useState<{ range: ChartRange; steps: Steps } | null>(null)
  const curves = useCurves(props, frame?.steps ?? null)
  const lines = useMemo(
    () =>
      linesOf(
        runs,
        (curves ?? []).filter(({ runId }) => shown.has(runId)),
      ),
    [runs, curves, shown],
  )
  const drawn = useMemo(() => align(lines, view, frame?.range ?? null), [lines, view, frame])
  const narrow = (range: ChartRange) => {
    const steps = stepsWithin(lines, view.x, range)
    if (steps !== null) setFrame({ range, steps })
  }
  if (metric === '') return <p className="text-ink-3 text-sm">{t('compare.noMetrics')}</p>
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <MetricSelect
          runs={runs}
          metric={metric}
          onMetric={(next) => {
            setFrame(null)
            onMetric(next)
          }}
        />
        <ChartBar
          view={view}
          onChange={(change) => {
            if (change.x !== undefined) setFrame(null)
            setView(change)
          }}
        />
      </div>
      <TimeChart
        {...drawn}
        title={metric}
        {...lookOf(view)}
        height={240}
        summary={runs
          .map(({ name, metrics }) => t('chart.summary', { series: name, last: String(metrics[metric] ?? '–') }))
          .join('; ')}
        locale={format.locale}
        timeZone={format.timeZone}
        labels={{
          ...{ table: t('chart.table'), noData: t('chart.noData'), smoothed: t('chart.smoothed') },
          x: t(`chart.along.${view.x}`),
        }}
        onRange={narrow}
      />
      <ChartNotes curves={curves ?? []} log={view.log} onReset={frame === null ? null : () => setFrame(null)} />
    </>
  )
}

function MetricSelect({ runs, metric, onMetric }: Pick<Props, 'runs' | 'metric' | 'onMetric'>) {
  const t = useTranslations('client.compare')
  const keys = useMemo(() => [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort(), [runs])
  return (
    <Select
      aria-label={t('metric')}
      value={metric}
      onChange={(event) => onMetric(event.target.value)}
      className="w-auto max-w-full"
    >
      {keys.map((key) => (
        <option key={key} value={key}>
          {key}
        </option>
      ))}
    </Select>
  )
}

/** Each run keeps its look, whichever of the others have the metric. */
function linesOf(runs: ComparedRun[], curves: Curve[]): Line[] {
  return runs.flatMap(({ id, name, startedAt }, index) => {
    const curve = curves.find(({ runId }) => runId === id)
    if (curve === undefined) return []
    const beganAtMs = startedAt === null ? null : Date.parse(startedAt)
    return [{ key: id, label: `${index + 1} ${name}`, look: seriesLook(index), curve, beganAtMs }]
  })
}
