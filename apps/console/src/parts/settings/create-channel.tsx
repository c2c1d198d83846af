'use client'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { SecretOnce } from './secret-once.tsx'

/** A webhook that alerts are sent to; the secret that signs them is shown once. */
export function CreateChannel({ project, allowed }: { project: string; allowed: boolean }) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const [name, setName] = useState('')
  const [url, setUrl] = useState('https://')
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct(async (idempotencyKey) => {
    const created = await api.alerts.createChannel.mutate({
      project,
      name,
      kind: 'webhook',
      settings: { url },
      idempotencyKey,
    })
    setSecret(created.secret)
    return t('channelCreated', { name })
  })
  return (
    <>
      <Button size="sm" disabled={!allowed} title={allowed ? undefined : t('needAdmin')} onClick={act.open}>
        {t('createChannel')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('createChannel')}
        confirmLabel={t('createChannel')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
        ready={name.trim() !== '' && URL.canParse(url)}
      >
        <div className="flex flex-col gap-3">
          <Field id="channel-name" label={t('name')}>
            <TextInput
              id="channel-name"
              value={name}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field id="channel-url" label="URL" hint={t('urlHint')}>
            <TextInput
              id="channel-url"
              type="url"
              value={url}
              autoComplete="off"
              onChange={(event) => setUrl(event.target.value)}
            />
          </Field>
        </div>
      </ConfirmSheet>
      <SecretOnce secret={secret} title={t('channelSecret')} body={t('secretBody')} onDone={() => setSecret(null)} />
    </>
  )
}
