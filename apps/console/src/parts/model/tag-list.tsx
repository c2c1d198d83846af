'use client'
import { Field, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { EditLabel, RemoveLabel } from './edit-label.tsx'

type Tag = { key: string; value: string }
/** `version` is left out for tags of the model itself. */
type Props = { project: string; model: string; version?: number; tags: Tag[]; mayWrite: boolean }

/** Tags as their writers left them. */
export function TagList({ tags, ...of }: Props) {
  const t = useTranslations('client.model')
  return (
    <>
      {tags.length === 0 && <p className="text-ink-3 text-sm">{t('noTags')}</p>}
      <ul className="flex flex-col">
        {tags.map((tag) => (
          <li key={tag.key} className="flex min-h-9 items-center gap-2">
            <span className="mono max-w-[45%] shrink-0 text-ink-2 text-xs [overflow-wrap:anywhere]">{tag.key}</span>
            <span className="line-clamp-3 min-w-0 text-sm [overflow-wrap:anywhere]">{tag.value || '–'}</span>
            {of.mayWrite && (
              <span className="ml-auto flex shrink-0">
                <EditTag {...of} current={tag} />
                <RemoveTag {...of} name={tag.key} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {of.mayWrite && (
        <div className="mt-2">
          <EditTag {...of} current={null} />
        </div>
      )}
    </>
  )
}

type Of = Omit<Props, 'tags'>

function EditTag({ project, model, version, current }: Of & { current: Tag | null }) {
  const t = useTranslations('client.model')
  const [tag, setTag] = useState<Tag>({ key: '', value: '' })
  const act = useAct(async (idempotencyKey) => {
    const set = { project, model, ...tag, idempotencyKey }
    await (version === undefined ? api.models.setTag.mutate(set) : api.models.setVersionTag.mutate({ ...set, version }))
    return t('tagSet', { name: tag.key })
  })
  const label = current === null ? t('addTag') : t('editTag', { name: current.key })
  return (
    <EditLabel
      {...{ act, label }}
      isNew={current === null}
      ready={tag.key !== ''}
      onOpen={() => setTag(current ?? { key: '', value: '' })}
    >
      <TagFields tag={tag} onChange={setTag} isNew={current === null} />
    </EditLabel>
  )
}

function TagFields({ tag, onChange, isNew }: { tag: Tag; onChange: (tag: Tag) => void; isNew: boolean }) {
  const t = useTranslations('client.model')
  return (
    <div className="flex flex-col gap-3">
      {isNew && (
        <Field id="tag-key" label={t('tagKey')}>
          <TextInput
            id="tag-key"
            value={tag.key}
            maxLength={250}
            autoComplete="off"
            onChange={(event) => onChange({ ...tag, key: event.target.value })}
          />
        </Field>
      )}
      <Field id="tag-value" label={t('tagValue')}>
        <TextInput
          id="tag-value"
          value={tag.value}
          maxLength={5000}
          autoComplete="off"
          onChange={(event) => onChange({ ...tag, value: event.target.value })}
        />
      </Field>
    </div>
  )
}

function RemoveTag({ project, model, version, name }: Of & { name: string }) {
  const t = useTranslations('client.model')
  const act = useAct(async (idempotencyKey) => {
    const gone = { project, model, key: name, idempotencyKey }
    await (version === undefined
      ? api.models.deleteTag.mutate(gone)
      : api.models.deleteVersionTag.mutate({ ...gone, version }))
    return t('tagRemoved', { name })
  })
  return (
    <RemoveLabel act={act} label={t('removeTag', { name })}>
      {t('removeTagBody', { name })}
    </RemoveLabel>
  )
}
