'use client'
import type { CardSection } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextArea } from '@modelyard/ui/field'
import { Pencil } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Props = {
  project: string
  modelVersionId: string
  section: CardSection
  /** What stands on the card now, and at which revision; both follow live changes. */
  text: string
  revision: number
}

/** Writes one section. What another person wrote meanwhile is shown before it can be written over. */
export function EditSection({ project, modelVersionId, section, text, revision }: Props) {
  const t = useTranslations('client.modelCard')
  const common = useTranslations('client.common')
  const [draft, setDraft] = useState('')
  const [seen, setSeen] = useState({ text, revision })
  const title = t(`section.${section}`)
  const isBehind = seen.text !== text
  const act = useAct(async (idempotencyKey) => {
    // Changes of other sections are no reason to refuse this one; a change of this one is.
    const known = isBehind ? seen.revision : revision
    const sections = { [section]: draft }
    await api.modelCard.edit.mutate({ project, modelVersionId, revision: known, sections, idempotencyKey })
    return t('written', { section: title })
  })
  const open = () => {
    setDraft(text)
    setSeen({ text, revision })
    act.open()
  }
  return (
    <>
      <Button size="sm" variant="ghost" onClick={open} aria-label={t('editOf', { section: title })}>
        <Pencil aria-hidden />
        {t('edit')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={title}
        confirmLabel={t('save')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        ready={draft !== seen.text && !isBehind}
      >
        <Field id="card-section" label={title} hint={t(`hint.${section}`)}>
          <TextArea
            id="card-section"
            value={draft}
            rows={9}
            maxLength={8000}
            onChange={(event) => setDraft(event.target.value)}
          />
        </Field>
        {isBehind && (
          <div role="alert" className="mt-3 rounded-md bg-warn-soft p-3 text-ink">
            <p className="font-medium text-sm">{t('meanwhile')}</p>
            <blockquote className="my-2 max-h-40 overflow-y-auto whitespace-pre-wrap border-warn border-l-2 pl-2 text-sm [overflow-wrap:anywhere]">
              {text}
            </blockquote>
            <Button size="sm" onClick={() => setSeen({ text, revision })}>
              {t('writeOver')}
            </Button>
          </div>
        )}
      </ConfirmSheet>
    </>
  )
}
