import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { type ListedModel, ModelList } from '../../../parts/model/model-list.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.models') }
}

/** Which models are there, which version of each is the newest, and which serves where? */
export default async function ModelsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  await getProject(project)
  const api = await requireApi()
  const [models, endpoints, t] = await Promise.all([
    api.models.list({ project }),
    api.endpoints.list({ project }),
    getTranslations(),
  ])
  const serving = endpoints.flatMap(({ name: endpoint, variants }) =>
    variants.map(({ model, modelVersion: version, role }) => ({ endpoint, model, version, role })),
  )
  const rows = models.map((row): ListedModel => {
    const liveOn = serving.flatMap(({ role, model, endpoint, version }) =>
      model === row.name && role !== 'retired' ? [{ endpoint, version, role }] : [],
    )
    return { ...row, liveOn }
  })
  return (
    <>
      <PageHeader title={t('shell.place.models')} lead={t('model.lead')} />
      <Card flush>
        <ModelList project={project} rows={rows} />
      </Card>
      <LiveRefresh nouns={['model', 'model_version', 'approval', 'endpoint']} />
    </>
  )
}
