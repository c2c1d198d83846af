import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { CreateEndpoint } from '../../../parts/endpoint/create-endpoint.tsx'
import { EndpointTable } from '../../../parts/endpoint/endpoint-table.tsx'
import { getProject, requireApi } from '../../../server/api.ts'
import { deployableVersions } from '../../../server/deployable.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.endpoints') }
}

export default async function EndpointsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  const [rows, versions, t] = await Promise.all([
    api.endpoints.list({ project }),
    deployableVersions(api, project),
    getTranslations(),
  ])
  return (
    <>
      <PageHeader
        title={t('shell.place.endpoints')}
        lead={t('endpoint.lead')}
        actions={<CreateEndpoint project={project} versions={versions} allowed={can(role, 'endpoint.deploy')} />}
      />
      <Card flush>
        <EndpointTable project={project} rows={rows} />
      </Card>
      <LiveRefresh nouns={['endpoint', 'variant', 'rollout', 'alert', 'gateway']} everyMs={5_000} />
    </>
  )
}
