'use client'
import { Select } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { type ChartView, X_AXES } from './chart-view.ts'

type Props = { view: ChartView; onChange: (change: Partial<ChartView>) => void }

/** Along what curves are drawn, on which scale, and how smooth. */
export function ChartBar({ view, onChange }: Props) {
  const t = useTranslations('client.chart')
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Select
        aria-label={t('axis')}
        value={view.x}
        onChange={(event) => onChange({ x: X_AXES.find((axis) => axis === event.target.value) ?? 'step' })}
        className="w-auto"
      >
        {X_AXES.map((axis) => (
          <option key={axis} value={axis}>
            {t(`along.${axis}`)}
          </option>
        ))}
      </Select>
      <label className="inline-flex min-h-8 cursor-pointer items-center gap-2 text-ink-2 text-sm max-md:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={view.log}
          onChange={(event) => onChange({ log: event.target.checked })}
        />
        {t('log')}
      </label>
      <Smoothing smooth={view.smooth} onChange={(smooth) => onChange({ smooth })} />
    </div>
  )
}

/** A browser takes only so many new addresses in half a minute, and a drag has hundreds of places. */
const SETTLE_MS = 120

function Smoothing({ smooth, onChange }: { smooth: number; onChange: (smooth: number) => void }) {
  const t = useTranslations('client.chart')
  const [draft, setDraft] = useState(smooth)
  useEffect(() => setDraft(smooth), [smooth])
  useEffect(() => {
    if (draft === smooth) return
    const timer = setTimeout(() => onChange(draft), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [draft, smooth, onChange])
  return (
    <label className="inline-flex min-h-8 items-center gap-2 text-ink-2 text-sm max-md:min-h-11">
      {t('smoothing')}
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={draft}
        onChange={(event) => setDraft(Number(event.target.value))}
        className="w-28 accent-accent"
      />
      <output className="num w-8 text-ink">{draft === 0 ? t('off') : draft.toFixed(2)}</output>
    </label>
  )
}
