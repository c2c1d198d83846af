import type { Webhook } from '@modelyard/contracts'
import { EmptyState } from '@modelyard/ui/states'
import { StatusPill, Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { TestWebhook } from './test-webhook.tsx'
import { WebhookMenu } from './webhook-menu.tsx'

/** Who is told of what, and whether it arrives. */
export function WebhookTable({ project, hooks, open }: { project: string; hooks: Webhook[]; open: string | null }) {
  const t = useTranslations('client.webhook')
  if (hooks.length === 0) return <EmptyState title={t('none')} body={t('noneBody')} />
  return (
    <Table
      caption={t('title')}
      head={
        <>
          <Th>{t('name')}</Th>
          <Th className="max-md:hidden">{t('events')}</Th>
          <Th className="max-md:hidden">{t('format')}</Th>
          <Th>{t('state')}</Th>
          <Th>
            <span className="sr-only">{t('actions')}</span>
          </Th>
        </>
      }
    >
      {hooks.map((hook) => (
        <tr key={hook.id} data-row aria-current={hook.id === open ? 'true' : undefined}>
          <Td className="align-top">
            <Link
              href={`${links.webhooks(project)}?webhook=${hook.id}`}
              prefetch={false}
              scroll={false}
              className={`${textLink} font-medium [overflow-wrap:anywhere]`}
            >
              {hook.name}
            </Link>
            <span className="mono block text-ink-3 text-xs [overflow-wrap:anywhere]">{hook.url}</span>
          </Td>
          <Td className="max-w-80 align-top max-md:hidden">
            <span className="flex flex-wrap gap-1">
              {hook.events.map((event) => (
                <Tag key={event} mono>
                  {event}
                </Tag>
              ))}
            </span>
          </Td>
          <Td className="align-top max-md:hidden">
            <Tag>{t(`formatName.${hook.format}`)}</Tag>
          </Td>
          <Td className="align-top">
            <State hook={hook} />
          </Td>
          <Td className="align-top">
            <span className="flex flex-wrap justify-end gap-1">
              <TestWebhook project={project} webhookId={hook.id} name={hook.name} />
              <WebhookMenu project={project} hook={hook} />
            </span>
          </Td>
        </tr>
      ))}
    </Table>
  )
}

function State({ hook }: { hook: Webhook }) {
  const t = useTranslations('client.webhook')
  if (hook.status === 'disabled') return <StatusPill tone="neutral" icon="off" label={t('disabled')} quiet />
  if (hook.failed > 0) return <StatusPill tone="crit" label={t('failedCount', { count: hook.failed })} quiet />
  if (hook.pending > 0)
    return <StatusPill tone="warn" icon="waiting" label={t('pendingCount', { count: hook.pending })} quiet />
  return <StatusPill tone="ok" label={t('active')} quiet />
}
