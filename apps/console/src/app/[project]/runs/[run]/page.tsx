import { Card, Stat } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { getFormat } from '../../../../format/server.ts'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { ParamTable } from '../../../../parts/facts.tsx'
import { ArtifactTable } from '../../../../parts/run/artifact-table.tsx'
import { RunCharts } from '../../../../parts/run/run-charts.tsx'
import { RunFacts } from '../../../../parts/run/run-facts.tsx'
import { RunLog } from '../../../../parts/run/run-log.tsx'
import { StatePill } from '../../../../parts/state-pill.tsx'
import { getProject, orNotFound, requireApi } from '../../../../server/api.ts'

type Props = { params: Promise<{ project: string; run: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, run } = await params
  const data = await orNotFound((await requireApi()).runs.get({ project, runId: run }))
  return { title: `${data.name} · ${(await getTranslations('shell'))('place.runs')}` }
}

/** How many of a run's metrics stand in its header. */
const HEADLINES = 5

/** Finished well? What did it learn, from what, and what did it say? */
export default async function RunPage({ params }: Props) {
  const { project, run: runId } = await params
  await getProject(project)
  const api = await requireApi()
  const [run, series, log] = await Promise.all([
    orNotFound(api.runs.get({ project, runId })),
    orNotFound(api.runs.series({ project, runId })),
    orNotFound(api.jobs.log({ project, runId })),
  ])
  const [t, format] = await Promise.all([getTranslations('client.run'), getFormat()])
  const live = run.status === 'running' || run.status === 'scheduled'
  return (
    <>
      <PageHeader title={run.name} status={<StatePill noun="run" state={run.status} />} lead={run.experiment} />
      <div className="mb-4 grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3 sm:grid-cols-3 lg:grid-cols-6">
        <Stat label={t('duration')} value={format.between(run.startedAt, run.endedAt, format.now)} />
        {Object.entries(run.metrics)
          .slice(0, HEADLINES)
          .map(([key, value]) => (
            <Stat key={key} label={key} value={value === null ? 'NaN' : format.metric(value)} />
          ))}
      </div>
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('metrics')}>
            <RunCharts project={project} runId={runId} initial={series} live={live} />
          </Card>
          <Card title={t('log')} flush>
            <RunLog key={log.attemptId} project={project} runId={runId} initial={log} />
          </Card>
          <Card title={t('artifacts')} flush>
            <ArtifactTable artifacts={run.artifacts} />
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('facts')}>
            <RunFacts project={project} run={run} />
          </Card>
          <Card title={t('params')} flush>
            <ParamTable params={run.params} caption={t('params')} />
          </Card>
        </div>
      </div>
      <LiveRefresh nouns={['run', 'job', 'model_version']} />
    </>
  )
}
