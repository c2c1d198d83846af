'use client'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextArea } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAct } from '../../live/use-act.ts'

type Props = {
  title: string
  description: string
  save: (description: string, idempotencyKey: string) => Promise<unknown>
}

/** A description and the sheet that changes it; the sheet begins with what stands when it opens. */
export function useDescribe({ title, description, save }: Props) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const [text, setText] = useState(description)
  const act = useAct(async (idempotencyKey) => {
    await save(text, idempotencyKey)
    return t('described')
  })
  const open = () => {
    setText(description)
    act.open()
  }
  const sheet = (
    <ConfirmSheet
      open={act.isOpen}
      onClose={act.close}
      onConfirm={act.confirm}
      title={title}
      confirmLabel={t('save')}
      cancelLabel={common('cancel')}
      busyLabel={common('working')}
      tone="primary"
      ready={text !== description}
    >
      <Field id="description" label={t('description')}>
        <TextArea
          id="description"
          value={text}
          rows={5}
          maxLength={5000}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </ConfirmSheet>
  )
  return { open, sheet }
}
