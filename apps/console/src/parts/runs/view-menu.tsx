'use client'
import type { RunsView, SavedView } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextInput } from '@modelyard/ui/field'
import { Menu, MenuItem, MenuLine } from '@modelyard/ui/menu'
import { Bookmark, Save, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Props = {
  project: string
  views: SavedView[]
  viewId: string
  /** What the table shows now, to be kept. */
  view: RunsView
  mayWrite: boolean
  onOpen: (view: SavedView | null) => void
}

/** The project's saved views: open one, keep this one, remove one. */
export function ViewMenu(props: Props) {
  const { views, viewId, mayWrite, onOpen } = props
  const t = useTranslations('client.runs')
  const current = views.find(({ id }) => id === viewId) ?? null
  const saving = useSave(props)
  const deleting = useDelete(props, current)
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button>
            <Bookmark aria-hidden />
            <span className="max-w-40 truncate">{current?.name ?? t('views')}</span>
          </Button>
        }
      >
        <MenuItem onSelect={() => onOpen(null)}>{t('standardView')}</MenuItem>
        {views.map((view) => (
          <MenuItem key={view.id} onSelect={() => onOpen(view)}>
            <span className="max-w-64 truncate">{view.name}</span>
            {view.id === viewId && <span className="text-accent">✓</span>}
          </MenuItem>
        ))}
        {mayWrite && (
          <>
            <MenuLine />
            <MenuItem onSelect={saving.open}>
              <Save aria-hidden />
              {t('saveView')}
            </MenuItem>
            {current !== null && (
              <MenuItem onSelect={deleting.open}>
                <Trash2 aria-hidden />
                {t('deleteView', { name: current.name })}
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {saving.sheet}
      {deleting.sheet}
    </>
  )
}

function useSave({ project, views, viewId, view, onOpen }: Props) {
  const t = useTranslations('client')
  const [name, setName] = useState('')
  const act = useAct(async (idempotencyKey) => {
    const saved = await api.views.save.mutate({ project, page: 'runs', name, settings: view, idempotencyKey })
    onOpen(saved)
    return t('runs.viewSaved', { name: saved.name })
  })
  const open = () => {
    setName(views.find(({ id }) => id === viewId)?.name ?? '')
    act.open()
  }
  const taken = views.some((other) => other.name === name.trim())
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('runs.saveView')}
      confirmLabel={taken ? t('runs.replaceView') : t('runs.save')}
      cancelLabel={t('common.cancel')}
      busyLabel={t('common.working')}
      tone="primary"
      ready={name.trim() !== ''}
    >
      <Field id="view-name" label={t('runs.viewName')} hint={t('runs.viewHint')}>
        <TextInput id="view-name" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </Field>
    </ConfirmSheet>
  )
  return { open, sheet }
}

function useDelete({ project, onOpen }: Props, current: SavedView | null) {
  const t = useTranslations('client')
  const act = useAct(async (idempotencyKey) => {
    if (current === null) return ''
    await api.views.delete.mutate({ project, viewId: current.id, idempotencyKey })
    onOpen(null)
    return t('runs.viewDeleted', { name: current.name })
  })
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('runs.deleteView', { name: current?.name ?? '' })}
      confirmLabel={t('runs.delete')}
      cancelLabel={t('common.cancel')}
      busyLabel={t('common.working')}
    >
      {t('runs.deleteViewEffect')}
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}
