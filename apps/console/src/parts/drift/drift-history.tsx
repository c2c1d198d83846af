import type { DriftPoint } from '@modelyard/contracts'
import { cn } from '@modelyard/ui'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'

type Point = z.infer<typeof DriftPoint>

const fills: Record<Point['verdict'], string> = {
  ok: 'bg-ok/70',
  warn: 'bg-warn',
  critical: 'bg-crit',
  insufficient: 'bg-line-strong/50',
}
const heights: Record<Point['verdict'], string> = { ok: 'h-3', warn: 'h-5', critical: 'h-7', insufficient: 'h-1.5' }

/** The strip shows this many of the newest reports. */
const SHOWN = 60

/** One mark per report: its height and colour say how bad, its link opens it. */
export function DriftHistory({
  project,
  endpoint,
  points,
  shown,
}: {
  project: string
  endpoint: string
  points: Point[]
  shown: string
}) {
  const t = useTranslations('client.drift')
  const state = useTranslations('client.state.drift')
  const format = useFormat()
  return (
    <ol aria-label={t('history')} className="flex h-8 items-end gap-0.5 overflow-x-auto">
      {points.slice(-SHOWN).map((point) => {
        const name = t('point', {
          at: format.day(point.at),
          verdict: state(point.verdict),
          drifted: point.drifted,
          maxD: format.metric(point.maxD),
        })
        return (
          <li key={point.id} className="flex h-full min-w-2 max-w-6 flex-1 items-end">
            <Link
              href={links.drift(project, endpoint, point.id)}
              prefetch={false}
              aria-label={name}
              title={name}
              aria-current={point.id === shown ? 'true' : undefined}
              className={cn(
                'block w-full rounded-sm hover:opacity-80',
                heights[point.verdict],
                fills[point.verdict],
                point.id === shown && 'ring-2 ring-accent ring-offset-1 ring-offset-surface',
              )}
            />
          </li>
        )
      })}
    </ol>
  )
}
