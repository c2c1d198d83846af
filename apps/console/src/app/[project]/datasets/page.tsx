import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { DatasetTable } from '../../../parts/dataset/dataset-table.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.datasets') }
}

export default async function DatasetsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  await getProject(project)
  const api = await requireApi()
  const [rows, t] = await Promise.all([api.datasets.list({ project }), getTranslations()])
  return (
    <>
      <PageHeader title={t('shell.place.datasets')} lead={t('dataset.lead')} />
      <Card flush>
        <DatasetTable project={project} rows={rows} />
      </Card>
      <LiveRefresh nouns={['dataset', 'dataset_version']} />
    </>
  )
}
