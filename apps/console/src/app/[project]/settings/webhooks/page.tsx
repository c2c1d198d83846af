import { WebhookEvent } from '@modelyard/contracts'
import { can } from '@modelyard/domain'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../links.ts'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { CreateWebhook } from '../../../../parts/webhook/create-webhook.tsx'
import { DeliveryTable } from '../../../../parts/webhook/delivery-table.tsx'
import { WebhookTable } from '../../../../parts/webhook/webhook-table.tsx'
import { type Api, getProject, orNull, requireApi } from '../../../../server/api.ts'

type Search = { webhook?: string | string[]; before?: string | string[] }
type Props = { params: Promise<{ project: string }>; searchParams: Promise<Search> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('client.webhook'))('title') }
}

/** Who is told of events, does it arrive, and what was sent? */
export default async function WebhooksPage({ params, searchParams }: Props) {
  const { project } = await params
  const { role } = await getProject(project)
  const { webhook, before } = await searchParams
  const t = await getTranslations('client.webhook')
  const allowed = can(role, 'channel.manage')
  const api = await requireApi()
  const hooks = allowed ? await api.webhooks.list({ project }) : []
  const open = hooks.find(({ id }) => id === webhook) ?? null
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Link href={links.settings(project)} prefetch={false} className={buttonClass()}>
            {t('back')}
          </Link>
        }
      />
      <div className="flex min-w-0 flex-col gap-4">
        <Card
          title={t('list')}
          flush
          actions={<CreateWebhook project={project} allowed={allowed} events={WebhookEvent.options} />}
        >
          {allowed ? (
            <WebhookTable project={project} hooks={hooks} open={open?.id ?? null} />
          ) : (
            <EmptyState title={t('notAllowed')} body={t('notAllowedBody')} />
          )}
        </Card>
        {open !== null && (
          <Deliveries
            api={api}
            project={project}
            hook={open}
            before={typeof before === 'string' ? before : undefined}
          />
        )}
      </div>
      <LiveRefresh nouns={['webhook']} />
    </>
  )
}

type Of = { api: Api; project: string; hook: { id: string; name: string }; before: string | undefined }

async function Deliveries({ api, project, hook, before }: Of) {
  const t = await getTranslations('client.webhook')
  const page = await orNull(api.webhooks.deliveries({ project, webhookId: hook.id, cursor: before, limit: 50 }))
  const address = `${links.webhooks(project)}?webhook=${hook.id}`
  return (
    <Card title={t('deliveriesOf', { name: hook.name })} hint={t('deliveriesHint')} flush>
      <DeliveryTable project={project} webhookId={hook.id} deliveries={page?.items ?? []} />
      {page?.nextCursor != null && (
        <p className="px-4 py-2">
          <Link href={`${address}&before=${page.nextCursor}`} prefetch={false} className={buttonClass({ size: 'sm' })}>
            {t('older')}
          </Link>
        </p>
      )}
    </Card>
  )
}
