'use client'
import { Button } from '@modelyard/ui/button'
import { sheetClass } from '@modelyard/ui/confirm-sheet'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { placesOf } from './places.ts'

const rows = [
  { keys: ['Ctrl K', '⌘ K'], text: 'palette' },
  { keys: ['/'], text: 'filter' },
  { keys: ['j', 'k'], text: 'move' },
  { keys: ['Enter'], text: 'open' },
  { keys: ['Space'], text: 'peek' },
  { keys: ['x'], text: 'select' },
  { keys: ['c'], text: 'compare' },
  { keys: ['r'], text: 'refresh' },
  { keys: ['l'], text: 'live' },
  { keys: ['Shift R'], text: 'rollback' },
  { keys: ['?'], text: 'help' },
] as const

function Key({ name }: { name: string }) {
  return (
    <kbd className="mono inline-flex min-w-6 justify-center rounded border border-line bg-raised px-1.5 py-0.5 text-ink-2 text-xs">
      {name}
    </kbd>
  )
}

/** Every key there is, and no other. */
export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations('shell')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={t('keys.title')} className={sheetClass}>
      {open && (
        <div className="max-h-[80vh] overflow-y-auto p-5">
          <h2 className="mb-3 font-semibold text-base">{t('keys.title')}</h2>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
            {rows.map((row) => (
              <div key={row.text} className="contents">
                <dt className="flex gap-1">
                  {row.keys.map((name) => (
                    <Key key={name} name={name} />
                  ))}
                </dt>
                <dd className="text-ink-2">{t(`keys.${row.text}`)}</dd>
              </div>
            ))}
            {placesOf('').map((place) => (
              <div key={place.key} className="contents">
                <dt className="flex gap-1">
                  <Key name="g" />
                  <Key name={place.jump} />
                </dt>
                <dd className="text-ink-2">{t('keys.go', { place: t(`place.${place.key}`) })}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-4 flex justify-end">
            <Button onClick={onClose}>{t('close')}</Button>
          </div>
        </div>
      )}
    </dialog>
  )
}
