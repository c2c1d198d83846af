import type { Rollout } from '@modelyard/contracts'
import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { StepLadder } from '@modelyard/ui/step-ladder'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../../../links.ts'
import { LiveRefresh } from '../../../../../../live/refresh.tsx'
import { textLink } from '../../../../../../parts/facts.tsx'
import { Comparison } from '../../../../../../parts/rollout/comparison.tsx'
import { EvidenceChart } from '../../../../../../parts/rollout/evidence-chart.tsx'
import { GuardTiles } from '../../../../../../parts/rollout/guard-tiles.tsx'
import { Outcome } from '../../../../../../parts/rollout/outcome.tsx'
import { RolloutActions } from '../../../../../../parts/rollout/rollout-actions.tsx'
import { RolloutTimeline } from '../../../../../../parts/rollout/rollout-timeline.tsx'
import { useSteps } from '../../../../../../parts/rollout/use-steps.ts'
import { StatePill } from '../../../../../../parts/state-pill.tsx'
import { getProject, orNotFound, requireApi } from '../../../../../../server/api.ts'
import { getEndpoint } from '../../../../../../server/endpoint.ts'

type Props = { params: Promise<{ project: string; endpoint: string; rollout: string }> }

/** By id, or by the number people say. */
async function findRollout({ project, endpoint: name, rollout: key }: Awaited<Props['params']>): Promise<Rollout> {
  const endpoint = await getEndpoint(project, name)
  const id = key.startsWith('ro_') ? key : endpoint.rollouts.find((item) => String(item.number) === key)?.id
  if (id === undefined) notFound()
  return orNotFound((await requireApi()).rollouts.get({ project, rolloutId: id }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const rollout = await findRollout(await params)
  const { number, endpoint } = rollout
  return { title: (await getTranslations('client.rollout'))('title', { number, endpoint }) }
}

export default async function RolloutPage({ params }: Props) {
  const where = await params
  const { role } = await getProject(where.project)
  const rollout = await findRollout(where)
  const t = await getTranslations('client.rollout')
  return (
    <>
      <PageHeader
        title={t('title', { number: rollout.number, endpoint: rollout.endpoint })}
        status={<StatePill noun="rollout" state={rollout.state} />}
        lead={
          <Link href={links.endpoint(where.project, rollout.endpoint)} prefetch={false} className={textLink}>
            {rollout.endpoint}
          </Link>
        }
        actions={<RolloutActions project={where.project} rollout={rollout} mayAct={can(role, 'rollout.act')} />}
      />
      <RolloutBody project={where.project} rollout={rollout} />
      <LiveRefresh nouns={['rollout', 'endpoint', 'variant']} everyMs={rollout.endedAt === null ? 2_000 : undefined} />
    </>
  )
}

function RolloutBody({ project, rollout }: { project: string; rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const steps = useSteps(rollout)
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Outcome rollout={rollout} />
      <Card title={t('steps')} hint={t('stepsHint')}>
        <StepLadder label={t('steps')} steps={steps} />
      </Card>
      <Card title={t('guards')} hint={rollout.bound}>
        <GuardTiles rollout={rollout} />
      </Card>
      <Card title={t('evidence')} hint={t('evidenceHint')}>
        <EvidenceChart rollout={rollout} />
      </Card>
      <div className="grid gap-4 xl:grid-cols-2">
        <Card title={t('compare')} flush>
          <Comparison project={project} rollout={rollout} />
        </Card>
        <Card title={t('timeline')}>
          <RolloutTimeline rollout={rollout} />
        </Card>
      </div>
    </div>
  )
}
