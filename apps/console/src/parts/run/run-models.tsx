import type { LoggedModelOfRun } from '@modelyard/contracts'
import { CopyButton } from '@modelyard/ui/copy-button'
import { Tag } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { Format } from '../../format/format.ts'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'

type Props = { project: string; models: LoggedModelOfRun[]; format: Format }

/** Models that the run wrote: what was measured of each, and the versions that were registered from it. */
export function RunModels({ project, models, format }: Props) {
  return (
    <ul className="divide-y divide-line">
      {models.map((model) => (
        <li key={model.id} className="flex flex-col gap-1.5 px-4 py-3">
          <Head model={model} format={format} />
          <Measured model={model} format={format} />
          <Versions project={project} versions={model.versions} />
        </li>
      ))}
    </ul>
  )
}

function Head({ model, format }: { model: LoggedModelOfRun; format: Format }) {
  const t = useTranslations('client.run')
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <h3 className="min-w-0 font-medium text-sm [overflow-wrap:anywhere]">{model.name}</h3>
      {model.status !== 'unspecified' && (
        <Tag tone={model.status === 'failed' ? 'crit' : model.status === 'pending' ? 'warn' : 'ok'}>
          {t(`modelStatus.${model.status}`)}
        </Tag>
      )}
      {model.type !== '' && <span className="text-ink-2 text-xs">{model.type}</span>}
      {model.step !== null && <span className="num text-ink-2 text-xs">{t('atStep', { step: model.step })}</span>}
      <span className="num text-ink-3 text-xs">{format.day(model.createdAt)}</span>
      <span className="inline-flex items-center gap-0.5 text-ink-3 text-xs">
        <code className="mono" title={model.id}>
          {model.id.slice(0, 10)}…
        </code>
        <CopyButton text={`models:/${model.id}`} label={t('copyModel')} copiedLabel={t('copiedModel')} />
      </span>
    </div>
  )
}

function Measured({ model, format }: { model: LoggedModelOfRun; format: Format }) {
  if (model.metrics.length === 0) return null
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {model.metrics.map(({ key, value, dataset }) => (
        <div key={`${key} ${dataset}`} className="flex min-w-0 items-baseline gap-1.5">
          <dt className="mono text-ink-2 [overflow-wrap:anywhere]">{dataset === '' ? key : `${key} (${dataset})`}</dt>
          <dd className="num font-medium">{typeof value === 'number' ? format.metric(value) : value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Versions({ project, versions }: { project: string; versions: LoggedModelOfRun['versions'] }) {
  const t = useTranslations('client.run')
  if (versions.length === 0) return <p className="text-ink-3 text-xs">{t('noVersions')}</p>
  return (
    <ul aria-label={t('versions')} className="flex flex-wrap gap-x-3 text-sm">
      {versions.map(({ model, version }) => (
        <li key={`${model} ${version}`}>
          <Link
            href={links.model(project, model, version)}
            prefetch={false}
            className={`${textLink} inline-block min-h-6 leading-6 [overflow-wrap:anywhere]`}
          >
            {`${model} v${version}`}
          </Link>
        </li>
      ))}
    </ul>
  )
}
