'use client'
import type { ModelSummary } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextInput } from '@modelyard/ui/field'
import { Menu, MenuItem, MenuLine } from '@modelyard/ui/menu'
import { ChevronDown } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { DeleteSheet, type Dependent } from './delete-sheet.tsx'
import { useDescribe } from './describe-sheet.tsx'

type Props = {
  project: string
  model: Pick<ModelSummary, 'name' | 'description' | 'versions'>
  dependents: Dependent[]
  mayWrite: boolean
  mayDelete: boolean
}

/** What can be done with a model as a whole. */
export function ModelActions({ project, model, dependents, mayWrite, mayDelete }: Props) {
  const t = useTranslations('client.model')
  const router = useRouter()
  const { name } = model
  const describe = useDescribe({
    title: t('describeTitle', { name }),
    description: model.description,
    save: (description, idempotencyKey) =>
      api.models.update.mutate({ project, model: name, description, idempotencyKey }),
  })
  const rename = useRename(project, name)
  const remove = useAct(async (idempotencyKey) => {
    await api.models.delete.mutate({ project, model: name, idempotencyKey })
    router.push(links.models(project))
    return t('deleted', { name })
  })
  if (!mayWrite && !mayDelete) return null
  return (
    <>
      <Menu
        trigger={
          <Button>
            {t('actions')}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        {mayWrite && <MenuItem onSelect={describe.open}>{t('describe')}</MenuItem>}
        {mayWrite && <MenuItem onSelect={rename.open}>{t('rename')}</MenuItem>}
        {mayDelete && (
          <>
            <MenuLine />
            <MenuItem onSelect={remove.open} className="text-crit">
              {t('deleteModel')}
            </MenuItem>
          </>
        )}
      </Menu>
      {describe.sheet}
      {rename.sheet}
      <DeleteSheet
        project={project}
        name={name}
        title={t('deleteTitle', { name })}
        body={t('deleteModelBody', { versions: model.versions })}
        dependents={dependents}
        act={remove}
      />
    </>
  )
}

function useRename(project: string, name: string) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const router = useRouter()
  const [newName, setNewName] = useState(name)
  const act = useAct(async (idempotencyKey) => {
    await api.models.rename.mutate({ project, model: name, newName, idempotencyKey })
    router.push(links.modelPage(project, newName))
    return t('renamed', { name: newName })
  })
  const open = () => {
    setNewName(name)
    act.open()
  }
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('renameTitle', { name })}
      confirmLabel={t('rename')}
      cancelLabel={common('cancel')}
      busyLabel={common('working')}
      tone="primary"
      ready={newName.trim() !== '' && newName !== name}
    >
      <p className="mb-3">{t('renameBody')}</p>
      <Field id="new-name" label={t('newName')} hint={t('newNameHint')}>
        <TextInput
          id="new-name"
          value={newName}
          maxLength={256}
          autoComplete="off"
          onChange={(event) => setNewName(event.target.value)}
        />
      </Field>
    </ConfirmSheet>
  )
  return { open, sheet }
}
