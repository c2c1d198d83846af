'use client'
import { Field, Select, TextInput } from '@modelyard/ui/field'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { textLink } from '../facts.tsx'
import { Aliases } from './aliases.tsx'
import { EditLabel, RemoveLabel } from './edit-label.tsx'

type Alias = { alias: string; version: number }
type Props = {
  project: string
  model: string
  aliases: Alias[]
  /** Numbers to choose from, the newest first. */
  versions: number[]
  mayWrite: boolean
}

/** Which name points at which version; whoever may write moves them. */
export function AliasList(props: Props) {
  const { project, model, aliases, mayWrite } = props
  const t = useTranslations('client.model')
  return (
    <>
      {aliases.length === 0 && <p className="text-ink-3 text-sm">{t('noAliases')}</p>}
      <ul className="flex flex-col">
        {aliases.map(({ alias, version }) => (
          <li key={alias} className="flex min-h-9 items-center gap-2">
            <Aliases names={[alias]} />
            <span aria-hidden className="text-ink-3">
              →
            </span>
            <Link href={links.model(project, model, version)} prefetch={false} className={`${textLink} mono`}>
              v{version}
            </Link>
            {mayWrite && (
              <span className="ml-auto flex shrink-0">
                <EditAlias {...props} current={{ alias, version }} />
                <RemoveAlias project={project} model={model} alias={alias} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && props.versions.length > 0 && (
        <div className="mt-2">
          <EditAlias {...props} current={null} />
        </div>
      )}
    </>
  )
}

/** Points an alias at a version: one that stands, or a new one. */
function EditAlias({ project, model, versions, current }: Props & { current: Alias | null }) {
  const t = useTranslations('client.model')
  const [chosen, setChosen] = useState<Alias>({ alias: '', version: 0 })
  const act = useAct(async (idempotencyKey) => {
    await api.models.setAlias.mutate({ project, model, ...chosen, idempotencyKey })
    return t('aliasSet', chosen)
  })
  const label = current === null ? t('addAlias') : t('moveAlias', { alias: current.alias })
  return (
    <EditLabel
      {...{ act, label }}
      isNew={current === null}
      ready={chosen.alias !== '' && chosen.version !== current?.version}
      onOpen={() => setChosen(current ?? { alias: '', version: versions[0] ?? 0 })}
    >
      <AliasFields value={chosen} onChange={setChosen} versions={versions} isNew={current === null} />
    </EditLabel>
  )
}

type FieldsProps = { value: Alias; onChange: (value: Alias) => void; versions: number[]; isNew: boolean }

function AliasFields({ value, onChange, versions, isNew }: FieldsProps) {
  const t = useTranslations('client.model')
  return (
    <div className="flex flex-col gap-3">
      <p>{t('aliasBody')}</p>
      {isNew && (
        <Field id="alias-name" label={t('alias')} hint={t('aliasHint')}>
          <TextInput
            id="alias-name"
            value={value.alias}
            maxLength={255}
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => onChange({ ...value, alias: event.target.value })}
          />
        </Field>
      )}
      <Field id="alias-version" label={t('version')}>
        <Select
          id="alias-version"
          value={String(value.version)}
          onChange={(event) => onChange({ ...value, version: Number(event.target.value) })}
        >
          {versions.map((each) => (
            <option key={each} value={String(each)}>
              v{each}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}

function RemoveAlias({ project, model, alias }: { project: string; model: string; alias: string }) {
  const t = useTranslations('client.model')
  const act = useAct(async (idempotencyKey) => {
    await api.models.deleteAlias.mutate({ project, model, alias, idempotencyKey })
    return t('aliasRemoved', { alias })
  })
  return (
    <RemoveLabel act={act} label={t('removeAlias', { alias })}>
      {t('removeAliasBody', { alias })}
    </RemoveLabel>
  )
}
