import type { DatasetVersion } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Actor } from '../actor.tsx'
import { Hash, Id, IdLink } from '../facts.tsx'
import { When } from '../when.tsx'

export function DatasetFacts({ data }: { data: DatasetVersion }) {
  const t = useTranslations('client.dataset')
  const format = useFormat()
  return (
    <KeyValue
      pairs={[
        { label: t('rows'), value: <span className="num">{format.number(data.rows)}</span> },
        { label: t('columns'), value: <span className="num">{format.number(data.columns.length)}</span> },
        { label: t('size'), value: <span className="num">{format.bytes(data.sizeBytes)}</span> },
        { label: t('label'), value: data.labelColumn, mono: true },
        { label: 'SHA-256', value: <Hash value={data.sha256} /> },
        { label: 'ID', value: <Id id={data.id} /> },
        { label: t('licence'), value: data.licence || '–' },
        { label: t('source'), value: data.sourceNote || '–' },
        {
          label: t('registered'),
          value: (
            <>
              <When at={data.createdAt} /> · <Actor actor={data.createdBy} />
            </>
          ),
        },
      ]}
    />
  )
}

export function UsedBy({ project, data }: { project: string; data: DatasetVersion }) {
  const t = useTranslations('client.dataset')
  const { runs, modelVersions } = data.usedBy
  if (runs.length + modelVersions.length === 0) return <p className="text-ink-3 text-sm">{t('unused')}</p>
  return (
    <div className="flex flex-col gap-2">
      <IdList title={t('usedRuns', { count: runs.length })} ids={runs} project={project} />
      <IdList title={t('usedModels', { count: modelVersions.length })} ids={modelVersions} project={project} />
    </div>
  )
}

const SHOWN = 8

function IdList({ title, ids, project }: { title: string; ids: string[]; project: string }) {
  if (ids.length === 0) return null
  return (
    <div>
      <p className="text-ink-3 text-xs">{title}</p>
      <ul className="mt-0.5 flex flex-col">
        {ids.slice(0, SHOWN).map((id) => (
          <li key={id} className="flex min-h-6 items-center text-xs">
            <IdLink project={project} id={id} />
          </li>
        ))}
        {ids.length > SHOWN && <li className="num text-ink-3 text-xs">+{ids.length - SHOWN}</li>}
      </ul>
    </div>
  )
}
