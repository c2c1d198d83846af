'use client'
import type { GateResult, ModelVersion } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextArea } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useReason } from '../../format/use-reason.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Props = { project: string; version: Pick<ModelVersion, 'id' | 'model' | 'version' | 'sha256'>; gate: GateResult }

/** Let one gate pass that did not, signed with a reason: for the bytes and the finding that are shown. */
export function WaiveAction({ project, version, gate }: Props) {
  const t = useTranslations('client.gate')
  const common = useTranslations('client.common')
  const say = useReason()
  const [reason, setReason] = useState('')
  const act = useAct(async (idempotencyKey) => {
    const seen = { modelVersionId: version.id, gate: gate.gate, digest: version.sha256, finding: gate.detail }
    await api.models.waiveGate.mutate({ project, ...seen, reason, idempotencyKey })
    return t('waived', { gate: gate.gate })
  })
  const id = `waiver-${gate.gate}`
  return (
    <span className="mt-1 block">
      <Button size="sm" onClick={act.open} aria-label={t('waiveNamed', { gate: gate.gate })}>
        {t('waive')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('waiveTitle', { gate: gate.gate, model: version.model, version: version.version })}
        confirmLabel={t('waive')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        ready={reason.trim() !== ''}
      >
        <p className="mb-2 text-ink">{say(gate)}</p>
        <p className="mb-3">{t('waiveBody')}</p>
        <Field id={id} label={t('waiveReason')}>
          <TextArea
            id={id}
            value={reason}
            rows={3}
            maxLength={2000}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </ConfirmSheet>
    </span>
  )
}
