import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { ModelTable } from '../../../parts/model/model-table.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.models') }
}

export default async function ModelsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  await getProject(project)
  const api = await requireApi()
  const models = await api.models.list({ project })
  const versions = await Promise.all(models.map((model) => api.models.versions({ project, model: model.name })))
  const t = await getTranslations()
  return (
    <>
      <PageHeader title={t('shell.place.models')} lead={t('model.lead')} />
      <Card flush>
        <ModelTable project={project} rows={versions.flat()} />
      </Card>
      <LiveRefresh nouns={['model', 'model_version', 'approval', 'endpoint']} />
    </>
  )
}
