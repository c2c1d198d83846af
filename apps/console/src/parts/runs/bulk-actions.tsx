'use client'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { RotateCcw, Tag, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { useTagFields } from '../run/tag-fields.tsx'
import { statesOf } from './use-selection.ts'

type Props = { project: string; ids: readonly string[]; shown: 'active' | 'deleted'; onDone: () => void }
type Wanted = Parameters<typeof api.runs.change.mutate>[0]['change']

/** What is done to all selected runs at once: all of them or none. */
export function BulkActions(props: Props) {
  const t = useTranslations('client.runs')
  const isDeleted = props.shown === 'deleted'
  const tagging = useTagging(props)
  const removing = useRemoving(props)
  return (
    <>
      {!isDeleted && (
        <Button onClick={tagging.open}>
          <Tag aria-hidden />
          <span className="max-md:sr-only">{t('bulk.tag')}</span>
        </Button>
      )}
      <Button onClick={removing.open}>
        {isDeleted ? <RotateCcw aria-hidden /> : <Trash2 aria-hidden />}
        <span className="max-md:sr-only">{t(isDeleted ? 'bulk.restore' : 'bulk.delete')}</span>
      </Button>
      {tagging.sheet}
      {removing.sheet}
    </>
  )
}

function useChange({ project, ids, onDone }: Props, change: Wanted) {
  const t = useTranslations('client.runs')
  return useAct(async (idempotencyKey) => {
    const done = await api.runs.change.mutate({ project, runIds: [...ids], change, idempotencyKey })
    onDone()
    return t(`bulk.done.${change.kind}`, done)
  })
}

function useTagging(props: Props) {
  const t = useTranslations('client')
  const { tag, ready, fields } = useTagFields()
  const act = useChange(props, { kind: 'tag', ...tag })
  const count = props.ids.length
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t('runs.bulk.tagTitle', { count })}
      confirmLabel={t('run.setTag')}
      cancelLabel={t('common.cancel')}
      busyLabel={t('common.working')}
      tone="primary"
      ready={ready}
    >
      {fields}
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}

function useRemoving(props: Props) {
  const t = useTranslations('client')
  const isDeleted = props.shown === 'deleted'
  const act = useChange(props, { kind: isDeleted ? 'restore' : 'delete' })
  const count = props.ids.length
  const verb = isDeleted ? 'restore' : 'delete'
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={t(`runs.bulk.${verb}Title`, { count })}
      confirmLabel={t(`run.${verb}`)}
      cancelLabel={t('common.cancel')}
      busyLabel={t('common.working')}
      tone={isDeleted ? 'primary' : 'danger'}
    >
      <States project={props.project} ids={props.ids} />
      <p className="mt-2">{t(`runs.bulk.${verb}Effect`)}</p>
    </ConfirmSheet>
  )
  return { open: act.open, sheet }
}

const STATES = ['running', 'scheduled', 'finished', 'failed', 'killed'] as const

/** What is about to change, counted by state: a running one among them should be no surprise. */
function States({ project, ids }: { project: string; ids: readonly string[] }) {
  const t = useTranslations('client')
  const [counts, setCounts] = useState<Map<string, number> | null>(null)
  const asked = ids.join()
  useEffect(() => {
    let stopped = false
    statesOf(project, asked.split(',')).then(
      (found) => !stopped && setCounts(found),
      // The sheet says its effect all the same, and the server refuses what is not there.
      () => {},
    )
    return () => {
      stopped = true
    }
  }, [project, asked])
  return (
    <ul className="flex min-h-5 flex-wrap gap-x-4" aria-label={t('runs.bulk.states')}>
      {STATES.filter((state) => counts?.has(state)).map((state) => (
        <li key={state} className={state === 'running' ? 'num font-medium text-warn' : 'num'}>
          {t(`state.run.${state}`)}: {counts?.get(state)}
        </li>
      ))}
    </ul>
  )
}
