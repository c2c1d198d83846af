import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { Tag } from '@modelyard/ui/status-pill'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../../../../live/refresh.tsx'
import { GateTable } from '../../../../../../parts/facts.tsx'
import { ApprovalActions } from '../../../../../../parts/model/approval-actions.tsx'
import { ApprovalList } from '../../../../../../parts/model/approval-list.tsx'
import { Evaluations } from '../../../../../../parts/model/evaluations.tsx'
import { Lineage, ModelFacts, Signature } from '../../../../../../parts/model/model-facts.tsx'
import { LiveOn } from '../../../../../../parts/model/model-table.tsx'
import { StatePill } from '../../../../../../parts/state-pill.tsx'
import { getProject, orNotFound, requireApi } from '../../../../../../server/api.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  const place = (await getTranslations('shell'))('place.models')
  return { title: `${model} v${version} · ${place}` }
}

/** What is it, is it good, where does it run, may it ship? */
export default async function ModelVersionPage({ params }: Props) {
  const { project, model, version } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  if (!/^\d{1,9}$/.test(version)) notFound()
  const data = await orNotFound(api.models.get({ project, model, version: Number(version) }))
  const t = await getTranslations('client.model')
  return (
    <>
      <PageHeader
        title={
          <>
            {data.model} <Tag mono>v{data.version}</Tag>
          </>
        }
        status={<StatePill noun="stage" state={data.stage} />}
        lead={<LiveOn liveOn={data.liveOn} />}
        actions={
          <ApprovalActions
            project={project}
            version={{
              id: data.id,
              model: data.model,
              number: data.version,
              stage: data.stage,
              gatesPassed: data.gatesPassed,
            }}
            pending={data.approvals.find((approval) => approval.state === 'requested') ?? null}
            mayDecide={can(role, 'model.approve')}
            mayRequest={can(role, 'model.register')}
          />
        }
      />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('gates')} hint={t('gatesHint')} flush>
            <GateTable gates={data.gates} caption={t('gates')} />
          </Card>
          <Evaluations reports={data.evaluations} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('lineage')}>
            <Lineage project={project} data={data} />
          </Card>
          <Card title={t('approvals')}>
            <ApprovalList approvals={data.approvals} />
          </Card>
          <Card title={t('file')}>
            <ModelFacts data={data} />
          </Card>
          <Card title={t('signature')} hint={t('signatureHint')} flush>
            <Signature data={data} />
          </Card>
        </div>
      </div>
      <LiveRefresh nouns={['model_version', 'approval', 'endpoint']} />
    </>
  )
}
