import type { Rollout } from '@modelyard/contracts'
import type { Tone } from '@modelyard/ui'
import { Timeline } from '@modelyard/ui/timeline'
import { useTranslations } from 'next-intl'
import { Actor } from '../actor.tsx'

import { Clock } from '../when.tsx'

function toneOf(action: string): Tone {
  if (/roll(?:ed)?_?back|fail|abort/.test(action)) return 'crit'
  if (/promot|advance/.test(action)) return 'ok'
  return /pause/.test(action) ? 'warn' : 'active'
}

/** Who or what did what, when; the newest first. */
export function RolloutTimeline({ rollout }: { rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const items = rollout.events.toReversed().map((event, index) => ({
    key: `${event.at}:${index}`,
    at: <Clock at={event.at} />,
    tone: toneOf(event.action),
    title: (
      <>
        <span className="mono">{event.action}</span>{' '}
        <span className="font-normal text-ink-2">
          <Actor actor={event.actor} />
        </span>
      </>
    ),
    body: event.detail,
  }))
  return items.length === 0 ? (
    <p className="text-ink-3 text-sm">{t('noEvents')}</p>
  ) : (
    <Timeline label={t('timeline')} items={items} />
  )
}
