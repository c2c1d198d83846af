import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { JobTable } from '../../../parts/job/job-table.tsx'
import { RunnerCards } from '../../../parts/job/runner-cards.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.jobs') }
}

/** Why is my job waiting? Which runner is sick? */
export default async function JobsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params
  await getProject(project)
  const api = await requireApi()
  const [jobs, runners, t] = await Promise.all([
    api.jobs.list({ project, limit: 200 }),
    api.runners.list({ project }),
    getTranslations(),
  ])
  return (
    <>
      <PageHeader title={t('shell.place.jobs')} lead={t('job.lead')} />
      <div className="flex flex-col gap-4">
        <Card title={t('client.job.list')} flush>
          <JobTable project={project} rows={jobs.items} />
        </Card>
        <Card title={t('client.runner.list')} hint={t('client.runner.hint')} flush>
          <RunnerCards project={project} runners={runners} />
        </Card>
      </div>
      <LiveRefresh nouns={['job', 'attempt', 'runner']} everyMs={10_000} />
    </>
  )
}
