import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { RunTable } from '../../../parts/run/run-table.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.runs') }
}

export default async function RunsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  await getProject(project)
  const api = await requireApi()
  const [page, t] = await Promise.all([api.runs.list({ project, limit: 200 }), getTranslations()])
  return (
    <>
      <PageHeader title={t('shell.place.runs')} lead={t('run.lead')} />
      <Card flush>
        <RunTable project={project} rows={page.items} />
      </Card>
      <LiveRefresh nouns={['run']} />
    </>
  )
}
