'use client'
import type { ChartSeries as Curve } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { Tag } from '@modelyard/ui/status-pill'
import type { ChartSpec } from '@modelyard/ui/time-chart'
import { useTranslations } from 'next-intl'
import type { ChartView } from './chart-view.ts'

/** A view in the words of the chart. */
export const lookOf = ({ x, log }: ChartView): Pick<ChartSpec, 'xKind' | 'yScale'> => ({
  xKind: x,
  yScale: log ? 'log' : 'linear',
})

type Props = { curves: readonly Curve[]; log: boolean; onReset: (() => void) | null }

/** What a picture leaves out, and the way back to all of it. */
export function ChartNotes({ curves, log, onReset }: Props) {
  const t = useTranslations('client')
  const nonFinite = curves.reduce((sum, curve) => sum + curve.nonFinite, 0)
  const notAbove = log ? curves.flatMap(({ last }) => last).filter((value) => value !== null && value <= 0).length : 0
  if (nonFinite === 0 && notAbove === 0 && onReset === null) return null
  return (
    <div className="mt-1 flex flex-wrap items-center gap-2">
      {nonFinite > 0 && <Tag tone="warn">{t('run.nonFinite', { count: nonFinite })}</Tag>}
      {notAbove > 0 && <Tag tone="warn">{t('chart.notAbove', { count: notAbove })}</Tag>}
      {onReset !== null && (
        <Button size="sm" onClick={onReset}>
          {t('run.resetZoom')}
        </Button>
      )}
    </div>
  )
}
