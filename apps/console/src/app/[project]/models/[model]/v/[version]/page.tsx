import { can, isWaivable } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { GateTable } from '../../../../../../parts/gate-table.tsx'
import { ApprovalList } from '../../../../../../parts/model/approval-list.tsx'
import { EvaluationState } from '../../../../../../parts/model/evaluation-state.tsx'
import { EvaluationSummary } from '../../../../../../parts/model/evaluation-summary.tsx'
import { Lineage, ModelFacts, Signature } from '../../../../../../parts/model/model-facts.tsx'
import { TagList } from '../../../../../../parts/model/tag-list.tsx'
import { WaiveAction } from '../../../../../../parts/model/waive-action.tsx'
import { getProject } from '../../../../../../server/api.ts'
import { getVersion, modelOf } from '../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  const place = (await getTranslations('shell'))('place.models')
  return { title: `${modelOf(model)} v${version} · ${place}` }
}

/** Is it good, by which evidence, and who said so? */
export default async function ModelVersionPage({ params }: Props) {
  const { project, model, version } = await params
  const { role } = await getProject(project)
  const data = await getVersion(project, model, version)
  const t = await getTranslations('client.model')
  const mayWaive = data.stage === 'candidate' && can(role, 'model.approve')
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <EvaluationState version={data} />
        <Card title={t('gates')} hint={t('gatesHint')} flush>
          <GateTable
            gates={data.gates}
            caption={t('gates')}
            action={(gate) =>
              mayWaive && isWaivable(gate) ? <WaiveAction project={project} version={data} gate={gate} /> : null
            }
          />
        </Card>
        <EvaluationSummary project={project} data={data} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Card title={t('approvals')}>
          <ApprovalList approvals={data.approvals} />
        </Card>
        <Card title={t('lineage')}>
          <Lineage project={project} data={data} />
        </Card>
        <Card title={t('file')}>
          <ModelFacts data={data} />
        </Card>
        <Card title={t('tags')}>
          <TagList
            project={project}
            model={data.model}
            version={data.version}
            tags={data.tags}
            mayWrite={can(role, 'model.register')}
          />
        </Card>
        <Card title={t('signature')} hint={data.signature === null ? undefined : t('signatureHint')} flush>
          <Signature data={data} />
        </Card>
      </div>
    </div>
  )
}
