import { can } from '@modelyard/domain'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../links.ts'
import { AddMember } from '../../../parts/settings/add-member.tsx'
import { Channels } from '../../../parts/settings/channels.tsx'
import { CreateChannel } from '../../../parts/settings/create-channel.tsx'
import { CreateKey } from '../../../parts/settings/create-key.tsx'
import { KeyTable } from '../../../parts/settings/key-table.tsx'
import { Members, ProjectFacts } from '../../../parts/settings/members.tsx'
import { getProject, getViewer, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.settings') }
}

export default async function SettingsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project: slug } = await params
  const project = await getProject(slug)
  const api = await requireApi()
  const [viewer, members, keys, channels, t] = await Promise.all([
    getViewer(),
    api.account.members({ project: slug }),
    api.account.keys(),
    api.alerts.channels({ project: slug }),
    getTranslations(),
  ])
  return (
    <>
      <PageHeader
        title={t('shell.place.settings')}
        lead={t('settings.lead', { project: project.name, role: project.role })}
      />
      <div className="grid gap-4 xl:grid-cols-2">
        <Card title={t('settings.project')}>
          <ProjectFacts project={project} />
        </Card>
        <Card
          title={t('settings.members')}
          flush
          actions={<AddMember project={slug} allowed={can(project.role, 'member.manage')} />}
        >
          <Members members={members} viewerId={viewer.id} />
        </Card>
        <Card
          title={t('settings.keys')}
          hint={t('settings.keysHint')}
          flush
          className="xl:col-span-2"
          actions={<CreateKey project={slug} />}
        >
          <KeyTable keys={keys} />
        </Card>
        <Card
          title={t('settings.channels')}
          hint={t('settings.channelsHint')}
          flush
          className="xl:col-span-2"
          actions={<CreateChannel project={slug} allowed={can(project.role, 'channel.manage')} />}
        >
          <Channels channels={channels} />
        </Card>
        <Card title={t('settings.webhooks')} hint={t('settings.webhooksHint')} className="xl:col-span-2">
          <Link href={links.webhooks(slug)} prefetch={false} className={buttonClass()}>
            {t('settings.webhooksOpen')}
          </Link>
        </Card>
      </div>
    </>
  )
}
