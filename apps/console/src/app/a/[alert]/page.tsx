import type { Alert } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { Timeline } from '@modelyard/ui/timeline'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../links.ts'
import { Actor } from '../../../parts/actor.tsx'
import { AlertActions } from '../../../parts/alert/alert-actions.tsx'
import { AlertEvidence, AlertLinks } from '../../../parts/alert/alert-facts.tsx'
import { Deliveries } from '../../../parts/alert/deliveries.tsx'

import { RollbackFault } from '../../../parts/rollback/rollback-fault.tsx'
import { StatePill } from '../../../parts/state-pill.tsx'
import { Clock, When } from '../../../parts/when.tsx'
import { getViewer, orNotFound, requireApi } from '../../../server/api.ts'
import { PlainFrame } from '../../../shell/plain-frame.tsx'

type Props = { params: Promise<{ alert: string }>; searchParams: Promise<{ fault?: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const alert = await orNotFound((await requireApi()).alerts.get({ alertId: (await params).alert }))
  return { title: alert.summary }
}

/** How bad, since when, what changed just before, what to do: for a phone, without script. */
export default async function AlertPage({ params, searchParams }: Props) {
  const { alert: alertId } = await params
  const alert = await orNotFound((await requireApi()).alerts.get({ alertId }))
  const role = (await getViewer()).projects.find((project) => project.slug === alert.project)?.role ?? 'viewer'
  const t = await getTranslations('alertPage')
  return (
    <PlainFrame path={links.alert(alert.id)} home={links.alerts(alert.project)}>
      <div className="flex flex-wrap items-center gap-2">
        <StatePill noun="severity" state={alert.severity} />
        <StatePill noun="alert" state={alert.state} />
        <span className="mono text-ink-3 text-xs">{alert.rule}</span>
      </div>
      <h1 className="mt-2 font-semibold text-xl leading-snug tracking-tight [overflow-wrap:anywhere]">
        {alert.summary}
      </h1>
      <p className="mt-1 text-ink-2 text-sm">
        {t('opened')} <When at={alert.openedAt} /> · {t('seen', { count: alert.count })} · {t('last')}{' '}
        <When at={alert.lastSeenAt} />
      </p>
      {alert.resolution !== null && <p className="mt-2 text-ok text-sm">{alert.resolution}</p>}
      <div className="my-4">
        <RollbackFault fault={(await searchParams).fault} />
        <AlertActions alert={alert} role={role} />
      </div>
      <div className="flex flex-col gap-4">
        <AlertLinks alert={alert} />
        <AlertEvidence evidence={alert.evidence} />
        <Happened title={t('before')} empty={t('nothingBefore')} events={alert.changesBefore} />
        <Card title={t('told')}>
          <Deliveries deliveries={alert.deliveries} />
        </Card>
        <Happened title={t('timeline')} empty={t('nothingYet')} events={alert.timeline} />
      </div>
    </PlainFrame>
  )
}

function Happened({ title, empty, events }: { title: string; empty: string; events: Alert['timeline'] }) {
  return (
    <Card title={title}>
      {events.length === 0 ? (
        <p className="text-ink-3 text-sm">{empty}</p>
      ) : (
        <Timeline
          label={title}
          items={events.map((event, index) => ({
            key: `${event.at}:${index}`,
            at: <Clock at={event.at} />,
            tone: 'active',
            title: <span className="mono">{event.action}</span>,
            body: (
              <>
                {event.detail} <Actor actor={event.actor} />
              </>
            ),
          }))}
        />
      )}
    </Card>
  )
}
