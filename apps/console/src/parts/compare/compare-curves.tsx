'use client'
import type { ComparedRun, ChartSeries as Curve } from '@modelyard/contracts'
import { seriesLook } from '@modelyard/ui'
import { Button } from '@modelyard/ui/button'
import { Select } from '@modelyard/ui/field'
import { TimeChart } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { align, type Curves } from '../run/align.ts'

type Props = { project: string; runs: ComparedRun[]; metric: string; onMetric: (metric: string) => void }
type Range = { fromStep: number; toStep: number }

/** A running run's curve grows; it is read again this often. */
const FRESH_MS = 5_000

function useCurves({ project, runs, metric }: Props, range: Range | null): Curve[] | null {
  const [curves, setCurves] = useState<Curve[] | null>(null)
  const ids = runs.map(({ id }) => id).join()
  const live = runs.some(({ status }) => status === 'running')
  useEffect(() => {
    if (metric === '') return
    let stopped = false
    const read = async () => {
      if (document.hidden) return
      const asked = { project, runIds: ids.split(','), key: metric, ...range }
      const found = await api.runs.compareSeries.query(asked).catch(() => null)
      if (!stopped && found !== null) setCurves(found)
    }
    void read()
    const clock = live ? setInterval(() => void read(), FRESH_MS) : undefined
    return () => {
      stopped = true
      clearInterval(clock)
    }
  }, [project, ids, metric, range, live])
  return curves
}

/** One metric's curves over one another, with the band of each bucket's extremes. */
export function CompareCurves(props: Props) {
  const { runs, metric, onMetric } = props
  const t = useTranslations('client')
  const format = useFormat()
  const [range, setRange] = useState<Range | null>(null)
  const curves = useCurves(props, range)
  const keys = useMemo(() => [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort(), [runs])
  const drawn = useMemo(() => linesOf(runs, curves ?? []), [runs, curves])
  if (metric === '') return <p className="text-ink-3 text-sm">{t('compare.noMetrics')}</p>
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Select
          aria-label={t('compare.metric')}
          value={metric}
          onChange={(event) => {
            setRange(null)
            onMetric(event.target.value)
          }}
          className="w-auto max-w-full"
        >
          {keys.map((key) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
        </Select>
        {range !== null && <Button onClick={() => setRange(null)}>{t('run.resetZoom')}</Button>}
      </div>
      <TimeChart
        {...drawn}
        title={metric}
        xKind="step"
        height={240}
        summary={runs
          .map(({ name, metrics }) => t('chart.summary', { series: name, last: String(metrics[metric] ?? '–') }))
          .join('; ')}
        locale={format.locale}
        timeZone={format.timeZone}
        labels={{ table: t('chart.table'), noData: t('chart.noData'), x: t('chart.step') }}
        onRange={({ from, to }) => setRange({ fromStep: Math.floor(from), toStep: Math.ceil(to) })}
      />
    </>
  )
}

/** Each run keeps its look, whichever of the others have the metric. */
function linesOf(runs: ComparedRun[], curves: Curve[]): Curves {
  return align(
    runs.flatMap(({ id, name }, index) => {
      const curve = curves.find(({ runId }) => runId === id)
      return curve === undefined ? [] : [{ key: id, label: `${index + 1} ${name}`, look: seriesLook(index), curve }]
    }),
  )
}
