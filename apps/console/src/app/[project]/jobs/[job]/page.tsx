import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { StatusPill } from '@modelyard/ui/status-pill'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { ParamTable } from '../../../../parts/facts.tsx'
import { AttemptTimeline } from '../../../../parts/job/attempt-timeline.tsx'
import { CancelJob } from '../../../../parts/job/cancel-job.tsx'
import { JobFacts } from '../../../../parts/job/job-facts.tsx'
import { StatePill } from '../../../../parts/state-pill.tsx'
import { getProject, orNotFound, requireApi } from '../../../../server/api.ts'

type Props = { params: Promise<{ project: string; job: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, job } = await params
  const { name } = await orNotFound((await requireApi()).jobs.get({ project, jobId: job }))
  return { title: `${name} · ${(await getTranslations('shell'))('place.jobs')}` }
}

export default async function JobPage({ params }: Props) {
  const { project, job: jobId } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  const [job, t] = await Promise.all([orNotFound(api.jobs.get({ project, jobId })), getTranslations('client.job')])
  const open = job.state === 'queued' || job.state === 'active'
  return (
    <>
      <PageHeader
        title={job.name}
        status={<StatePill noun="job" state={job.state} />}
        lead={job.recipe}
        actions={
          open && job.cancelRequestedAt === null ? (
            <CancelJob project={project} jobId={job.id} name={job.name} allowed={can(role, 'job.cancel')} />
          ) : undefined
        }
      />
      {job.whyWaiting !== null && (
        <Card tone="warn" className="mb-4">
          <StatusPill tone="warn" icon="waiting" label={t('whyWaiting')} quiet />
          <p className="mt-1 text-sm">{job.whyWaiting.message}</p>
        </Card>
      )}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Card title={t('attempts')} hint={t('attemptsHint', { count: job.maxAttempts })}>
          <AttemptTimeline job={job} />
        </Card>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('facts')}>
            <JobFacts project={project} job={job} />
          </Card>
          <Card title={t('params')} flush>
            <ParamTable params={job.params} caption={t('params')} />
          </Card>
        </div>
      </div>
      <LiveRefresh nouns={['job', 'attempt', 'run']} />
    </>
  )
}
