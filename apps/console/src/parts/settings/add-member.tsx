'use client'
import { ROLES, type Role } from '@modelyard/domain'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Form = { name: string; email: string; password: string; role: Role }

/** Adds somebody to the project; a first password only for an account that does not exist yet. */
export function AddMember({ project, allowed }: { project: string; allowed: boolean }) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const [form, setForm] = useState<Form>({ name: '', email: '', password: '', role: 'viewer' })
  const set = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))
  const act = useAct(async (idempotencyKey) => {
    const { password, ...rest } = form
    await api.account.addMember.mutate({ project, ...rest, ...(password === '' ? {} : { password }), idempotencyKey })
    return t('memberAdded', { name: form.name })
  })
  return (
    <>
      <Button size="sm" disabled={!allowed} title={allowed ? undefined : t('needAdmin')} onClick={act.open}>
        {t('addMember')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('addMember')}
        confirmLabel={t('addMember')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
        ready={form.name.trim() !== '' && form.email.includes('@')}
      >
        <Fields form={form} set={set} />
      </ConfirmSheet>
    </>
  )
}

function Fields({ form, set }: { form: Form; set: (part: Partial<Form>) => void }) {
  const t = useTranslations('client.settings')
  return (
    <div className="flex flex-col gap-3">
      <Field id="member-email" label={t('email')}>
        <TextInput
          id="member-email"
          type="email"
          autoComplete="off"
          value={form.email}
          onChange={(event) => set({ email: event.target.value })}
        />
      </Field>
      <Field id="member-name" label={t('name')}>
        <TextInput
          id="member-name"
          autoComplete="off"
          value={form.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field id="member-role" label={t('role')}>
        <Select id="member-role" value={form.role} onChange={(event) => set({ role: event.target.value as Role })}>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {role} – {t(`roleAllows.${role}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="member-password" label={t('password')} hint={t('passwordHint')}>
        <TextInput
          id="member-password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          value={form.password}
          onChange={(event) => set({ password: event.target.value })}
        />
      </Field>
    </div>
  )
}
