import type { AlertSummary } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { links } from '../../links.ts'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

/** What fires, each with its way back one press away; said in words when nothing does. */
export function Firing({ alerts }: { alerts: z.infer<typeof AlertSummary>[] }) {
  const t = useTranslations('now')
  if (alerts.length === 0) {
    return (
      <Card>
        <StatusPill tone="ok" label={t('quiet')} quiet className="text-sm" />
      </Card>
    )
  }
  return (
    <Card tone={alerts.some((alert) => alert.severity === 'critical') ? 'crit' : 'warn'} flush>
      <ul>
        {alerts.map((alert) => (
          <li
            key={alert.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2.5 last:border-b-0"
          >
            <StatePill noun="severity" state={alert.severity} />
            <a
              href={links.alert(alert.id)}
              className="min-w-0 flex-1 basis-60 font-medium text-sm [overflow-wrap:anywhere] hover:underline"
            >
              {alert.summary}
            </a>
            <span className="num text-ink-3 text-xs">
              <When at={alert.openedAt} />
            </span>
            <span className="flex gap-2">
              {alert.endpointId !== null && (
                <a
                  href={links.rollback(alert.endpointId, alert.id)}
                  className={buttonClass({ variant: 'danger', size: 'sm' })}
                >
                  {t('rollBack')}
                </a>
              )}
              <a href={links.alert(alert.id)} className={buttonClass({ size: 'sm' })}>
                {t('open')}
              </a>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
