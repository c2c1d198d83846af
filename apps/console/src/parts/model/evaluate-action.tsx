'use client'
import type { DatasetSummary, ModelVersion } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { z } from 'zod'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Props = { project: string; version: Pick<ModelVersion, 'id' | 'model' | 'version' | 'lineage'> }
type Choice = { id: string; name: string; version: number }

/** Have a candidate evaluated here: on the dataset it comes from, or on one that is chosen where none is known. */
export function EvaluateAction({ project, version }: Props) {
  const t = useTranslations('client.evaluation')
  const common = useTranslations('client.common')
  const [choices, setChoices] = useState<Choice[]>([])
  const [chosen, setChosen] = useState('')
  const act = useAct(async (idempotencyKey) => {
    const asked = { project, modelVersionId: version.id, datasetVersionId: chosen }
    await api.models.evaluate.mutate({ ...asked, idempotencyKey })
    return t('asked')
  })
  const open = async () => {
    act.open()
    const known = choiceOf(version.lineage)
    const found = known ? [known] : (await api.datasets.list.query({ project }).catch(() => [])).map(newestOf)
    setChoices(found)
    setChosen(found[0]?.id ?? '')
  }
  return (
    <>
      <Button onClick={() => void open()}>{t('ask')}</Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('askTitle', { model: version.model, version: version.version })}
        confirmLabel={t('ask')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        ready={chosen !== ''}
      >
        <p className="mb-3">{t('askBody')}</p>
        <Field id="evaluation-dataset" label={t('askOn')} hint={t('askHint')}>
          <Select id="evaluation-dataset" value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {choices.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name} v{each.version}
              </option>
            ))}
          </Select>
        </Field>
      </ConfirmSheet>
    </>
  )
}

function choiceOf({ datasetVersionId: id, datasetName: name, datasetVersion: version }: ModelVersion['lineage']) {
  return id === null || name === null || version === null ? null : { id, name, version }
}

function newestOf({ name, latest }: z.infer<typeof DatasetSummary>): Choice {
  return { id: latest.id, name, version: latest.version }
}
