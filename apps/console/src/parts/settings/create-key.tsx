'use client'
import { KEY_SCOPE_NAMES, type KeyScope } from '@modelyard/domain'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { SecretOnce } from './secret-once.tsx'

const lifetimes = [30, 90, 365] as const

/** A key for a program, in this project only; its secret is shown once. */
export function CreateKey({ project }: { project: string }) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const [name, setName] = useState('')
  const [scope, setScope] = useState<KeyScope>('predict')
  const [days, setDays] = useState<number>(90)
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct(async (idempotencyKey) => {
    const created = await api.account.createKey.mutate({
      project,
      name,
      scopes: [scope],
      expiresInDays: days,
      idempotencyKey,
    })
    setSecret(created.secret)
    return t('keyCreated', { name })
  })
  return (
    <>
      <Button size="sm" onClick={act.open}>
        {t('createKey')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('createKey')}
        confirmLabel={t('createKey')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
        ready={name.trim() !== ''}
      >
        <div className="flex flex-col gap-3">
          <Field id="key-name" label={t('name')} hint={t('keyNameHint')}>
            <TextInput
              id="key-name"
              value={name}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field id="key-scope" label={t('scope')}>
            <Select id="key-scope" value={scope} onChange={(event) => setScope(event.target.value as KeyScope)}>
              {KEY_SCOPE_NAMES.map((item) => (
                <option key={item} value={item}>
                  {item} – {t(`scopeAllows.${item}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="key-days" label={t('expires')}>
            <Select id="key-days" value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {lifetimes.map((item) => (
                <option key={item} value={item}>
                  {t('days', { days: item })}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </ConfirmSheet>
      <SecretOnce secret={secret} title={t('keySecret')} body={t('secretBody')} onDone={() => setSecret(null)} />
    </>
  )
}
