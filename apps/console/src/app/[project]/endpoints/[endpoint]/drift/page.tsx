import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../../../live/refresh.tsx'
import { DriftMethod, DriftVerdictCard } from '../../../../../parts/drift/drift-facts.tsx'
import { DriftHistory } from '../../../../../parts/drift/drift-history.tsx'
import { FeatureTable } from '../../../../../parts/drift/feature-table.tsx'
import { EndpointHeader } from '../../../../../parts/endpoint/endpoint-header.tsx'
import { getProject, orNotFound, requireApi } from '../../../../../server/api.ts'
import { deployableVersions } from '../../../../../server/deployable.ts'
import { getEndpoint } from '../../../../../server/endpoint.ts'

type Props = {
  params: Promise<{ project: string; endpoint: string }>
  searchParams: Promise<{ report?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('client.drift')
  return { title: t('title', { endpoint: (await params).endpoint }) }
}

/** How many features drifted, by how much, since when, measured how. */
export default async function DriftPage({ params, searchParams }: Props) {
  const { project, endpoint: name } = await params
  const { report: asked } = await searchParams
  const { role } = await getProject(project)
  const endpoint = await getEndpoint(project, name)
  const api = await requireApi()
  const [points, versions, t] = await Promise.all([
    api.drift.list({ project, endpointId: endpoint.id }),
    deployableVersions(api, project),
    getTranslations('client.drift'),
  ])
  const history = points.toSorted((a, b) => a.at.localeCompare(b.at))
  // The newest verdict says more than a newer report without enough rows; the history shows both.
  const judged = history.findLast((point) => point.verdict !== 'insufficient')
  const reportId = asked ?? judged?.id ?? history.at(-1)?.id
  const report = reportId === undefined ? null : await orNotFound(api.drift.get({ project, reportId }))
  return (
    <>
      <EndpointHeader
        project={project}
        endpoint={endpoint}
        versions={versions}
        mayDeploy={can(role, 'endpoint.deploy')}
        tab="drift"
      />
      {report === null ? (
        <Card>
          <EmptyState title={t('empty.title')} body={t('empty.body')} />
        </Card>
      ) : (
        <div className="flex min-w-0 flex-col gap-4">
          <DriftVerdictCard project={project} report={report} />
          <Card title={t('history')} hint={t('historyHint')}>
            <DriftHistory project={project} endpoint={endpoint.name} points={history} shown={report.id} />
          </Card>
          <Card title={t('features')} hint={t('featuresHint')} flush>
            <FeatureTable features={report.features} effectGate={report.method.effectGate} />
          </Card>
          <Card title={t('method')}>
            <DriftMethod project={project} report={report} />
          </Card>
        </div>
      )}
      <LiveRefresh nouns={['drift', 'drift_report', 'endpoint']} />
    </>
  )
}
