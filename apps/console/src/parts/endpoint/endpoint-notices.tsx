import type { Endpoint } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'

/** What stands out: alerts that fire, a rollout under way, a pin after a rollback. */
export function EndpointNotices({ project, endpoint }: { project: string; endpoint: Endpoint }) {
  const t = useTranslations('client.endpoint')
  const rollout = endpoint.activeRolloutId
  if (endpoint.firingAlerts === 0 && rollout === null && !endpoint.pinned) return null
  return (
    <div className="mb-4 flex flex-col gap-2">
      {endpoint.firingAlerts > 0 && (
        <Notice
          tone="crit"
          text={t('firing', { count: endpoint.firingAlerts })}
          href={links.alerts(project)}
          action={t('seeAlerts')}
        />
      )}
      {rollout !== null && (
        <Notice
          tone="active"
          text={t('rolling')}
          href={links.rollout(project, endpoint.name, rollout)}
          action={t('seeRollout')}
        />
      )}
      {endpoint.pinned && (
        <Notice tone="warn" text={t('pinned')} href={links.rollback(endpoint.id)} action={t('seePin')} />
      )}
    </div>
  )
}

function Notice({
  tone,
  text,
  href,
  action,
}: {
  tone: 'crit' | 'active' | 'warn'
  text: string
  href: string
  action: string
}) {
  return (
    <Card tone={tone}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <StatusPill
          tone={tone}
          icon={tone === 'crit' ? 'warn' : tone === 'warn' ? 'paused' : 'running'}
          label={text}
          quiet
          className="whitespace-normal"
        />
        <Link href={href} prefetch={false} className={buttonClass({ size: 'sm' })}>
          {action}
        </Link>
      </div>
    </Card>
  )
}
