import type { ModelVersion } from '@modelyard/contracts'
import { can, type Role } from '@modelyard/domain'
import { PageHeader } from '@modelyard/ui/page-header'
import { Tag } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { Hash, IdLink, textLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { Aliases } from './aliases.tsx'
import { ApprovalActions } from './approval-actions.tsx'
import { EvaluateAction } from './evaluate-action.tsx'
import { LiveOn } from './live-on.tsx'
import { VersionActions } from './version-actions.tsx'

type Props = { project: string; role: Role; viewerId: string; data: ModelVersion }

/** What it is, where it came from, where it serves, and what can be done about it. */
export function VersionHead({ project, role, viewerId, data }: Props) {
  const t = useTranslations('client.model')
  return (
    <PageHeader
      title={
        <>
          <Link href={links.modelPage(project, data.model)} prefetch={false} className="hover:text-accent">
            {data.model}
          </Link>{' '}
          <Tag mono>v{data.version}</Tag>
        </>
      }
      status={
        <>
          <StatePill noun="stage" state={data.stage} />
          {data.format === 'opaque' && <Tag>{t('format.opaque')}</Tag>}
          <Aliases names={data.aliases} />
        </>
      }
      lead={
        <span className="flex flex-col gap-1">
          {data.description !== '' && <span className="max-w-[80ch] whitespace-pre-line">{data.description}</span>}
          <Origin project={project} data={data} />
          {data.liveOn.length > 0 && <LiveOn liveOn={data.liveOn} />}
        </span>
      }
      actions={
        <>
          <VersionActions
            project={project}
            version={data}
            mayWrite={can(role, 'model.register')}
            mayDelete={can(role, 'model.approve')}
          />
          {data.stage === 'candidate' && data.format === 'onnx' && can(role, 'model.register') && (
            <EvaluateAction project={project} version={data} />
          )}
          <ApprovalActions
            project={project}
            viewerId={viewerId}
            version={{
              id: data.id,
              model: data.model,
              number: data.version,
              stage: data.stage,
              gatesPassed: data.gatesPassed,
              authorId: data.createdBy.userId,
            }}
            pending={data.approvals.find((approval) => approval.state === 'requested') ?? null}
            mayDecide={can(role, 'model.approve')}
            mayRequest={can(role, 'model.register')}
          />
        </>
      }
    />
  )
}

/** Bytes, run and data in one line. */
function Origin({ project, data }: Omit<Props, 'role' | 'viewerId'>) {
  const t = useTranslations('client.model')
  const { runId, datasetName, datasetVersion } = data.lineage
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-ink-3 text-xs">
      <span className="inline-flex items-center gap-1">
        SHA-256 <Hash value={data.sha256} />
      </span>
      {runId !== null && (
        <span>
          {t('run')} <IdLink project={project} id={runId} />
        </span>
      )}
      {datasetName !== null && datasetVersion !== null && (
        <span>
          {t('dataset')}{' '}
          <Link href={links.dataset(project, datasetName, datasetVersion)} prefetch={false} className={textLink}>
            {datasetName} v{datasetVersion}
          </Link>
        </span>
      )}
    </span>
  )
}
