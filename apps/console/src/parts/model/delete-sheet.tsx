'use client'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { links } from '../../links.ts'
import type { useAct } from '../../live/use-act.ts'
import { textLink } from '../facts.tsx'
import { NameToConfirm } from './name-to-confirm.tsx'

/** An endpoint that would be left without its version. */
export type Dependent = { endpoint: string; variant: number | null }

type Props = {
  project: string
  /** What is to be written to confirm. */
  name: string
  title: string
  body: string
  dependents: Dependent[]
  act: ReturnType<typeof useAct>
}

/** Deletes what nothing serves; what something serves says which endpoints stand against it. */
export function DeleteSheet({ project, name, title, body, dependents, act }: Props) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const [typed, setTyped] = useState('')
  const close = () => {
    setTyped('')
    act.close()
  }
  return (
    <ConfirmSheet
      open={act.isOpen}
      onClose={close}
      onConfirm={act.confirm}
      title={title}
      confirmLabel={t('delete')}
      cancelLabel={common('cancel')}
      busyLabel={common('working')}
      ready={dependents.length === 0 && typed === name}
    >
      {dependents.length > 0 ? (
        <>
          <p className="mb-2 text-ink">{t('deleteBlocked', { name })}</p>
          <ul className="mb-2 flex list-disc flex-col gap-1 pl-5">
            {dependents.map(({ endpoint, variant }) => (
              <li key={`${endpoint}:${variant}`}>
                <Link href={links.endpoint(project, endpoint)} className={textLink}>
                  {endpoint}
                  {variant !== null && ` r${variant}`}
                </Link>
              </li>
            ))}
          </ul>
          <p>{t('deleteBlockedNext')}</p>
        </>
      ) : (
        <>
          <p className="mb-3">{body}</p>
          <NameToConfirm name={name} value={typed} onChange={setTyped} />
        </>
      )}
    </ConfirmSheet>
  )
}
