'use client'
import type { WebhookEvent } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { SecretOnce } from '../settings/secret-once.tsx'

type Hook = { name: string; url: string; format: 'modelyard' | 'mlflow'; events: WebhookEvent[] }
type Props = { project: string; allowed: boolean; events: readonly WebhookEvent[] }

const EMPTY: Hook = { name: '', url: 'https://', format: 'modelyard', events: ['model_version.created'] }

/** A receiver of events; the secret that signs them is shown once. */
export function CreateWebhook({ project, allowed, events }: Props) {
  const t = useTranslations('client.webhook')
  const settings = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const [hook, setHook] = useState(EMPTY)
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct(async (idempotencyKey) => {
    const created = await api.webhooks.create.mutate({ project, ...hook, idempotencyKey })
    setSecret(created.secret)
    return t('created', { name: hook.name })
  })
  const open = () => {
    setHook(EMPTY)
    act.open()
  }
  return (
    <>
      <Button size="sm" disabled={!allowed} title={allowed ? undefined : settings('needAdmin')} onClick={open}>
        {t('create')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('create')}
        confirmLabel={t('create')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
        ready={hook.name.trim() !== '' && URL.canParse(hook.url) && hook.events.length > 0}
      >
        <WebhookFields hook={hook} onChange={setHook} events={events} />
      </ConfirmSheet>
      <SecretOnce secret={secret} title={t('secret')} body={settings('secretBody')} onDone={() => setSecret(null)} />
    </>
  )
}

type FieldsProps = { hook: Hook; onChange: (hook: Hook) => void; events: readonly WebhookEvent[] }

function WebhookFields({ hook, onChange, events }: FieldsProps) {
  const t = useTranslations('client.webhook')
  const settings = useTranslations('client.settings')
  return (
    <div className="flex flex-col gap-3">
      <Field id="webhook-name" label={t('name')}>
        <TextInput
          id="webhook-name"
          value={hook.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ ...hook, name: event.target.value })}
        />
      </Field>
      <Field id="webhook-url" label="URL" hint={settings('urlHint')}>
        <TextInput
          id="webhook-url"
          type="url"
          value={hook.url}
          autoComplete="off"
          onChange={(event) => onChange({ ...hook, url: event.target.value })}
        />
      </Field>
      <Field id="webhook-format" label={t('format')} hint={t(`formatHint.${hook.format}`)}>
        <Select
          id="webhook-format"
          value={hook.format}
          onChange={(event) => onChange({ ...hook, format: event.target.value === 'mlflow' ? 'mlflow' : 'modelyard' })}
        >
          <option value="modelyard">{t('formatName.modelyard')}</option>
          <option value="mlflow">{t('formatName.mlflow')}</option>
        </Select>
      </Field>
      <EventChoice events={events} chosen={hook.events} onChange={(chosen) => onChange({ ...hook, events: chosen })} />
    </div>
  )
}

function EventChoice({
  events,
  chosen,
  onChange,
}: {
  events: readonly WebhookEvent[]
  chosen: WebhookEvent[]
  onChange: (chosen: WebhookEvent[]) => void
}) {
  const t = useTranslations('client.webhook')
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink text-xs">{t('events')}</legend>
      <div className="grid max-h-52 overflow-y-auto rounded-md border border-line p-2">
        {events.map((event) => (
          <label key={event} className="mono flex min-h-7 items-center gap-2 text-xs max-md:min-h-10">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-accent"
              checked={chosen.includes(event)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, event] : chosen.filter((each) => each !== event))
              }
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">{event}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
