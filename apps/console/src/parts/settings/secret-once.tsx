'use client'
import { Button } from '@modelyard/ui/button'
import { sheetClass } from '@modelyard/ui/confirm-sheet'
import { CopyButton } from '@modelyard/ui/copy-button'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

/** A secret's only appearance. Esc does not close it: whoever lost it unread would have to make another. */
export function SecretOnce({
  secret,
  title,
  body,
  onDone,
}: {
  secret: string | null
  title: string
  body: string
  onDone: () => void
}) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (secret === null) dialog.current?.close()
    else dialog.current?.showModal()
  }, [secret])
  return (
    <dialog ref={dialog} aria-label={title} className={sheetClass} onCancel={(event) => event.preventDefault()}>
      {secret !== null && (
        <div className="p-5">
          <h2 className="font-semibold text-base">{title}</h2>
          <p className="mt-1 mb-3 text-ink-2 text-sm">{body}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-bg p-2.5">
            <code data-secret className="mono min-w-0 flex-1 text-xs [overflow-wrap:anywhere]">
              {secret}
            </code>
            <CopyButton text={secret} label={common('copy')} copiedLabel={common('copied')} />
          </div>
          <div className="mt-4 flex justify-end">
            <Button variant="primary" onClick={onDone}>
              {t('saved')}
            </Button>
          </div>
        </div>
      )}
    </dialog>
  )
}
