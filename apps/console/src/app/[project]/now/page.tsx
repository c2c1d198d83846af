import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { Changes } from '../../../parts/now/changes.tsx'
import { EndpointStrip } from '../../../parts/now/endpoint-strip.tsx'
import { Firing } from '../../../parts/now/firing.tsx'
import { FirstSteps } from '../../../parts/now/first-steps.tsx'
import { RunnerLine, Waiting } from '../../../parts/now/waiting.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.now') }
}

/** Is anything wrong, what changed, what waits for me? */
export default async function NowPage({ params }: { params: Promise<{ project: string }> }) {
  const { project: slug } = await params
  const project = await getProject(slug)
  const api = await requireApi()
  const [board, t] = await Promise.all([api.board.read({ project: slug }), getTranslations()])
  return (
    <>
      <PageHeader title={project.name} lead={t('now.lead')} />
      <div className="flex min-w-0 flex-col gap-4">
        <Firing alerts={board.firing} />
        {board.endpoints.length === 0 ? (
          <FirstSteps project={slug} board={board} />
        ) : (
          <Card title={t('shell.place.endpoints')} flush>
            <EndpointStrip project={slug} endpoints={board.endpoints} kpis={project.kpis} />
          </Card>
        )}
        <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
          <Card title={t('now.changes')} hint={t('now.changesHint')}>
            <Changes project={slug} entries={board.changes} />
          </Card>
          <div className="flex min-w-0 flex-col gap-4 max-xl:row-start-1">
            <Card title={t('now.waiting')}>
              <Waiting project={slug} board={board} />
            </Card>
            <Card title={t('now.runners')}>
              <RunnerLine project={slug} runners={board.runners} />
            </Card>
          </div>
        </div>
      </div>
      <LiveRefresh
        nouns={['endpoint', 'variant', 'rollout', 'alert', 'job', 'runner', 'approval', 'model_version', 'ledger']}
        everyMs={5_000}
      />
    </>
  )
}
