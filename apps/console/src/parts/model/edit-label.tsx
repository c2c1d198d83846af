'use client'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Pencil, Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { useAct } from '../../live/use-act.ts'

type Props = {
  act: ReturnType<typeof useAct>
  label: string
  isNew: boolean
  ready: boolean
  /** Puts the fields to where they begin; the sheet opens after it. */
  onOpen: () => void
  children: ReactNode
}

/** The button and the sheet in which one alias or tag is added or changed. */
export function EditLabel({ act, label, isNew, ready, onOpen, children }: Props) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const open = () => {
    onOpen()
    act.open()
  }
  return (
    <>
      {isNew ? (
        <Button size="sm" onClick={open}>
          <Plus aria-hidden />
          {label}
        </Button>
      ) : (
        <Button size="icon" variant="ghost" aria-label={label} title={label} onClick={open}>
          <Pencil aria-hidden />
        </Button>
      )}
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={label}
        confirmLabel={t('save')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        ready={ready}
      >
        {children}
      </ConfirmSheet>
    </>
  )
}

type RemoveProps = { act: ReturnType<typeof useAct>; label: string; children: ReactNode }

/** The button and the question by which one alias or tag is taken away. */
export function RemoveLabel({ act, label, children }: RemoveProps) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  return (
    <>
      <Button size="icon" variant="ghost" aria-label={label} title={label} onClick={act.open}>
        <X aria-hidden />
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={label}
        confirmLabel={t('remove')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
      >
        <p>{children}</p>
      </ConfirmSheet>
    </>
  )
}
