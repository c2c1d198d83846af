'use client'
import { LiveDot } from '@modelyard/ui/live-dot'
import { useTranslations } from 'next-intl'
import { useLive } from '../live/provider.tsx'

/** The dot in the top bar: pressing it (or `l`) pauses and resumes. */
export function LiveStatus() {
  const t = useTranslations('shell')
  const { state, paused, toggle } = useLive()
  const label = paused ? t('live.paused') : t(`live.${state}`)
  return (
    <button
      type="button"
      data-key="l"
      aria-pressed={!paused}
      onClick={toggle}
      title={paused ? t('live.resume') : t('live.pause')}
      className="inline-flex min-h-8 items-center rounded-md px-2 hover:bg-raised max-md:min-h-11"
    >
      <LiveDot state={state} label={label} />
    </button>
  )
}
