import type { RunPage as RunFound } from '@modelyard/contracts'
import { can } from '@modelyard/domain'
import { Card, Stat } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { Tag } from '@modelyard/ui/status-pill'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { getFormat } from '../../../../format/server.ts'
import { links } from '../../../../links.ts'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { ParamTable, textLink } from '../../../../parts/facts.tsx'
import { RunActions } from '../../../../parts/run/run-actions.tsx'
import { RunCharts } from '../../../../parts/run/run-charts.tsx'
import { NestedRuns, RunFacts } from '../../../../parts/run/run-facts.tsx'
import { RunFiles } from '../../../../parts/run/run-files.tsx'
import { RunLog } from '../../../../parts/run/run-log.tsx'
import { RunModels } from '../../../../parts/run/run-models.tsx'
import { RunTags } from '../../../../parts/run/run-tags.tsx'
import { StatePill } from '../../../../parts/state-pill.tsx'
import { getProject, orNotFound, requireApi } from '../../../../server/api.ts'

type Props = { params: Promise<{ project: string; run: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, run } = await params
  const data = await orNotFound((await requireApi()).run.read({ project, runId: run }))
  return { title: `${data.name} · ${(await getTranslations('shell'))('place.runs')}` }
}

/** Finished well? What did it learn, from what, what did it leave, and what did it say? */
export default async function RunPage({ params }: Props) {
  const { project, run: runId } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  const run = await orNotFound(api.run.read({ project, runId }))
  const [curves, root, log, t, format] = await Promise.all([
    api.runs.series({ project, runId }),
    api.run.files({ project, runId }),
    run.jobId === null ? null : orNotFound(api.jobs.log({ project, runId })),
    getTranslations('client.run'),
    getFormat(),
  ])
  const live = run.status === 'running' || run.status === 'scheduled'
  const mayWrite = can(role, 'run.write')
  return (
    <>
      <Head project={project} run={run} mayWrite={mayWrite} />
      <Headlines run={run} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('metrics')} hint={curves.length === 0 ? undefined : t('zoomHint')}>
            <RunCharts {...{ project, runId, live }} initial={curves} startedAt={run.startedAt} />
          </Card>
          {run.loggedModels.length > 0 && (
            <Card title={t('loggedModels', { count: run.loggedModels.length })} flush>
              <RunModels project={project} models={run.loggedModels} format={format} />
            </Card>
          )}
          <Card title={t('artifacts')} flush>
            <RunFiles project={project} runId={runId} root={root} />
          </Card>
          {log !== null && (
            <Card title={t('log')} flush>
              <RunLog key={log.attemptId} project={project} runId={runId} initial={log} />
            </Card>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('facts')}>
            <RunFacts project={project} run={run} />
          </Card>
          <Card title={t('params')} flush>
            <ParamTable params={run.params} caption={t('params')} />
          </Card>
          <Card title={t('tags')}>
            <RunTags project={project} runId={runId} tags={run.tags} mayWrite={mayWrite && run.deletedAt === null} />
          </Card>
          {run.children.length > 0 && (
            <Card title={t('nested', { count: run.children.length })}>
              <NestedRuns project={project} runs={run.children} />
            </Card>
          )}
        </div>
      </div>
      <LiveRefresh nouns={['run', 'job', 'model_version']} rows={[runId, ...(run.jobId === null ? [] : [run.jobId])]} />
    </>
  )
}

async function Head({ project, run, mayWrite }: { project: string; run: RunFound; mayWrite: boolean }) {
  const t = await getTranslations('client.run')
  return (
    <PageHeader
      title={run.name}
      status={
        <>
          <StatePill noun="run" state={run.status} />
          {run.deletedAt !== null && <Tag tone="warn">{t('isDeleted')}</Tag>}
        </>
      }
      lead={
        <Link href={`${links.runs(project)}?exp=${run.experiment.number}`} prefetch={false} className={textLink}>
          {run.experiment.name}
        </Link>
      }
      actions={mayWrite && <RunActions project={project} run={run} />}
    />
  )
}

/** How many of a run's metrics stand in its header; those that are judged by come first. */
const HEADLINES = 5
const JUDGED = /^(?:val|test|eval|best)|accuracy|f1|auc/i

async function Headlines({ run }: { run: RunFound }) {
  const [t, format] = await Promise.all([getTranslations('client.run'), getFormat()])
  const metrics = run.metrics.toSorted((a, b) => Number(JUDGED.test(b.key)) - Number(JUDGED.test(a.key)))
  return (
    <div className="mb-4 grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3 sm:grid-cols-3 lg:grid-cols-6">
      <Stat label={t('duration')} value={format.between(run.startedAt, run.endedAt, format.now)} />
      {metrics.slice(0, HEADLINES).map(({ key, value }) => (
        <Stat
          key={key}
          label={key}
          value={typeof value === 'number' ? format.metric(value) : value}
          tone={typeof value === 'number' ? undefined : 'warn'}
        />
      ))}
    </div>
  )
}
