import type { WebhookDelivery } from '@modelyard/contracts'
import { StatusPill } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { Id } from '../facts.tsx'
import { When } from '../when.tsx'
import { Redeliver } from './redeliver.tsx'

type Delivery = z.infer<typeof WebhookDelivery>
type Props = { project: string; webhookId: string; deliveries: Delivery[] }

const looks = {
  pending: { tone: 'warn', icon: 'waiting' },
  delivered: { tone: 'ok', icon: 'ok' },
  failed: { tone: 'crit', icon: 'fail' },
} as const

/** What was sent to one webhook, the newest first, with what came back. */
export function DeliveryTable({ project, webhookId, deliveries }: Props) {
  const t = useTranslations('client.webhook')
  if (deliveries.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noDeliveries')}</p>
  return (
    <Table
      caption={t('deliveries')}
      head={
        <>
          <Th>{t('state')}</Th>
          <Th>{t('event')}</Th>
          <Th className="max-md:hidden">{t('answer')}</Th>
          <Th className="max-sm:hidden">{t('when')}</Th>
          <Th>
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </>
      }
    >
      {deliveries.map((delivery) => (
        <tr key={delivery.id} data-row>
          <Td className="align-top">
            <StatusPill {...looks[delivery.state]} label={t(`delivery.${delivery.state}`)} quiet />
            <span className="block text-ink-3 text-xs">{t('attempts', { count: delivery.attempts })}</span>
          </Td>
          <Td className="min-w-0 align-top">
            <span className="mono text-xs [overflow-wrap:anywhere]">{delivery.event}</span>
            <details className="mt-0.5 text-xs">
              <summary className="min-h-6 text-accent">{t('payload')}</summary>
              <pre className="mono mt-1 max-h-64 max-w-[70vw] overflow-auto whitespace-pre-wrap rounded border border-line bg-bg p-2 [overflow-wrap:anywhere] md:max-w-xl">
                {JSON.stringify(delivery.payload, null, 2)}
              </pre>
              <Id id={delivery.id} />
            </details>
          </Td>
          <Td className="max-w-72 align-top max-md:hidden">
            <span className="num">{delivery.lastStatus ?? '–'}</span>
            {delivery.lastError !== null && (
              <span className="line-clamp-2 block text-ink-2 text-xs [overflow-wrap:anywhere]">
                {delivery.lastError}
              </span>
            )}
          </Td>
          <Td className="whitespace-nowrap align-top max-sm:hidden">
            <When at={delivery.deliveredAt ?? delivery.createdAt} />
          </Td>
          <Td className="text-right align-top">
            {delivery.state !== 'pending' && (
              <Redeliver project={project} webhookId={webhookId} deliveryId={delivery.id} event={delivery.event} />
            )}
          </Td>
        </tr>
      ))}
    </Table>
  )
}
