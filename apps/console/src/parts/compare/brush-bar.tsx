'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { type Axis, axisOf } from '@modelyard/ui'
import { Button } from '@modelyard/ui/button'
import { Select } from '@modelyard/ui/field'
import type { Brush, ParallelAxis } from '@modelyard/ui/parallel-coordinates'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { type Brushes, loggedIn } from './brushed.ts'

type Props = {
  runs: ComparedRun[]
  axes: ParallelAxis[]
  brushes: Brushes
  onBrush: (axis: string, brush: Brush | null) => void
}

const WHOLE: Brush = { from: 0, to: 1 }

/** Stretches of axes without a mouse: both ends of one axis, and the ones there are, to be taken away. */
export function BrushBar({ runs, axes, brushes, onBrush }: Props) {
  const t = useTranslations('client.compare')
  const format = useFormat()
  const [chosen, setChosen] = useState('')
  const scales = useMemo(() => {
    const scaleOf = (key: string) =>
      axisOf(
        runs.map((run) => loggedIn(run, key)),
        format.locale,
      )
    return new Map(axes.map(({ key }) => [key, scaleOf(key)]))
  }, [runs, axes, format.locale])
  const scale = scales.get(chosen)
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Select
        aria-label={t('brush.axis')}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        className="w-auto max-w-full"
      >
        <option value="">{t('brush.none')}</option>
        {axes.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </Select>
      {scale !== undefined && (
        <Ends scale={scale} brush={brushes.get(chosen) ?? WHOLE} onChange={(brush) => onBrush(chosen, brush)} />
      )}
      {[...brushes].map(([axis, { from, to }]) => {
        const of = scales.get(axis)
        const label = axis.slice(axis.indexOf('.') + 1)
        if (of === undefined) return null
        return (
          <Button key={axis} size="sm" onClick={() => onBrush(axis, null)}>
            <span className="max-w-60 truncate">{`${label}: ${of.labelAt(from)} – ${of.labelAt(to)}`}</span>
            <span className="sr-only">{t('brush.remove', { axis: label })}</span>
            <X aria-hidden />
          </Button>
        )
      })}
    </div>
  )
}

type EndsProps = { scale: Axis; brush: Brush; onChange: (brush: Brush | null) => void }

function Ends({ scale, brush, onChange }: EndsProps) {
  const t = useTranslations('client.compare')
  const set = (part: Partial<Brush>) => {
    const next = { ...brush, ...part }
    const isWhole = next.from <= 0 && next.to >= 1
    onChange(isWhole ? null : { from: Math.min(next.from, next.to), to: Math.max(next.from, next.to) })
  }
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <label key={end} className="inline-flex min-h-8 items-center gap-2 text-ink-2 text-sm max-md:min-h-11">
          {t(`brush.${end}`)}
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={brush[end]}
            aria-valuetext={scale.labelAt(brush[end])}
            onChange={(event) => set({ [end]: Number(event.target.value) })}
            className="w-28 accent-accent"
          />
          <output className="num min-w-10 text-ink">{scale.labelAt(brush[end])}</output>
        </label>
      ))}
    </>
  )
}
