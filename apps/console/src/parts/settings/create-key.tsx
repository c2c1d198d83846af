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

type Form = { name: string; scope: KeyScope; days: number }

/** A key for a program, in this project only; its secret is shown once. */
export function CreateKey({ project }: { project: string }) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const [form, setForm] = useState<Form>({ name: '', scope: 'predict', days: 90 })
  const set = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct(async (idempotencyKey) => {
    const created = await api.account.createKey.mutate({
      project,
      name: form.name,
      scopes: [form.scope],
      expiresInDays: form.days,
      idempotencyKey,
    })
    setSecret(created.secret)
    return t('keyCreated', { name: form.name })
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
        ready={form.name.trim() !== ''}
      >
        <Fields form={form} set={set} />
      </ConfirmSheet>
      <SecretOnce secret={secret} title={t('keySecret')} body={t('secretBody')} onDone={() => setSecret(null)} />
    </>
  )
}

function Fields({ form, set }: { form: Form; set: (part: Partial<Form>) => void }) {
  const t = useTranslations('client.settings')
  return (
    <div className="flex flex-col gap-3">
      <Field id="key-name" label={t('name')} hint={t('keyNameHint')}>
        <TextInput
          id="key-name"
          value={form.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field id="key-scope" label={t('scope')}>
        <Select id="key-scope" value={form.scope} onChange={(event) => set({ scope: event.target.value as KeyScope })}>
          {KEY_SCOPE_NAMES.map((item) => (
            <option key={item} value={item}>
              {item} – {t(`scopeAllows.${item}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="key-days" label={t('expires')}>
        <Select id="key-days" value={form.days} onChange={(event) => set({ days: Number(event.target.value) })}>
          {lifetimes.map((item) => (
            <option key={item} value={item}>
              {t('days', { days: item })}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}
