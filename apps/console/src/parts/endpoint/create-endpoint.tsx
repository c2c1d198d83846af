'use client'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import type { Deployable } from '../../server/deployable.ts'

/** A new address for predictions, serving one approved version. */
export function CreateEndpoint({
  project,
  versions,
  allowed,
}: {
  project: string
  versions: Deployable[]
  allowed: boolean
}) {
  const t = useTranslations('client.endpoint')
  const common = useTranslations('client.common')
  const [name, setName] = useState('')
  const [version, setVersion] = useState(versions[0]?.id ?? '')
  const act = useAct(async (idempotencyKey) => {
    await api.endpoints.create.mutate({ project, name, modelVersionId: version, idempotencyKey })
    return t('created', { name })
  })
  const reason = !allowed ? t('needDeployer') : versions.length === 0 ? t('needApproved') : undefined
  return (
    <>
      <Button variant="primary" disabled={reason !== undefined} title={reason} onClick={act.open}>
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
        ready={/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) && version !== ''}
      >
        <div className="flex flex-col gap-3">
          <p>{t('createBody')}</p>
          <Field id="endpoint-name" label={t('name')} hint={t('nameHint')}>
            <TextInput
              id="endpoint-name"
              value={name}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field id="endpoint-version" label={t('version')}>
            <Select id="endpoint-version" value={version} onChange={(event) => setVersion(event.target.value)}>
              {versions.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.label}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </ConfirmSheet>
    </>
  )
}
