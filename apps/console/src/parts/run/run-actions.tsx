'use client'
import type { RunPage } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextInput } from '@modelyard/ui/field'
import { Menu, MenuItem } from '@modelyard/ui/menu'
import { MoreHorizontal, Pencil, RotateCcw, Tag, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { useTagFields } from './tag-fields.tsx'

type Props = { project: string; run: RunPage }

/** What a person may change of a run: its name, its tags, and whether it is shown. What it logged stays as it was. */
export function RunActions(props: Props) {
  const t = useTranslations('client.run')
  const rename = useRename(props)
  const tag = useTag(props)
  const remove = useRemove(props)
  const isDeleted = props.run.deletedAt !== null
  return (
    <>
      <Menu
        trigger={
          <Button aria-label={t('actions')}>
            <MoreHorizontal aria-hidden />
          </Button>
        }
      >
        {!isDeleted && (
          <>
            <MenuItem onSelect={rename.open}>
              <Pencil aria-hidden />
              {t('rename')}
            </MenuItem>
            <MenuItem onSelect={tag.open}>
              <Tag aria-hidden />
              {t('setTag')}
            </MenuItem>
          </>
        )}
        <MenuItem onSelect={remove.open}>
          {isDeleted ? <RotateCcw aria-hidden /> : <Trash2 aria-hidden />}
          {isDeleted ? t('restore') : t('delete')}
        </MenuItem>
      </Menu>
      {rename.sheet}
      {tag.sheet}
      {remove.sheet}
    </>
  )
}

function useSheetLabels() {
  const t = useTranslations('client.common')
  return { cancelLabel: t('cancel'), busyLabel: t('working') }
}

function useRename({ project, run }: Props) {
  const t = useTranslations('client.run')
  const labels = useSheetLabels()
  const [name, setName] = useState(run.name)
  const act = useAct(async () => {
    await api.run.rename.mutate({ project, runId: run.id, name })
    return t('renamed', { name })
  })
  const sheet = (
    <ConfirmSheet
      {...labels}
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('rename')}
      confirmLabel={t('rename')}
      tone="primary"
      ready={name.trim() !== ''}
    >
      <Field id="run-name" label={t('name')}>
        <TextInput id="run-name" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </Field>
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}

function useTag({ project, run }: Props) {
  const t = useTranslations('client.run')
  const labels = useSheetLabels()
  const { tag, ready, fields } = useTagFields()
  const act = useAct(async () => {
    await api.run.tag.mutate({ project, runId: run.id, ...tag })
    return t('tagged', { key: tag.key })
  })
  const sheet = (
    <ConfirmSheet
      {...labels}
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('setTag')}
      confirmLabel={t('setTag')}
      tone="primary"
      ready={ready}
    >
      {fields}
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}

function useRemove({ project, run }: Props) {
  const t = useTranslations('client.run')
  const labels = useSheetLabels()
  const isDeleted = run.deletedAt !== null
  const act = useAct(async () => {
    const of = { project, runId: run.id }
    await (isDeleted ? api.run.restore.mutate(of) : api.run.delete.mutate(of))
    return t(isDeleted ? 'restored' : 'deleted', { name: run.name })
  })
  const sheet = (
    <ConfirmSheet
      {...labels}
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t(isDeleted ? 'restoreTitle' : 'deleteTitle', { name: run.name })}
      confirmLabel={t(isDeleted ? 'restore' : 'delete')}
      tone={isDeleted ? 'primary' : 'danger'}
    >
      {t(isDeleted ? 'restoreEffect' : 'deleteEffect')}
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}
