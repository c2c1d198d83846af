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

type Props = { project: string; version: Pick<ModelVersion, 'id' | 'model' | 'version' | 'lineage' | 'evaluating'> }
/** A dataset version by its name and number. */
type Choice = { name: string; version: number }

/** Of one dataset; older ones have been replaced for a reason. */
const MAX_OFFERED = 20

/** Have a candidate evaluated here: on the dataset it comes from, or on one that is chosen where none is known. */
export function EvaluateAction({ project, version }: Props) {
  const t = useTranslations('client.evaluation')
  const common = useTranslations('client.common')
  const [choices, setChoices] = useState<Choice[] | null>(null)
  const [place, setPlace] = useState(0)
  const chosen = choices?.[place]
  const act = useAct(async (idempotencyKey) => {
    if (chosen === undefined) return ''
    const { id: datasetVersionId } = await api.datasets.get.query({ project, ...chosen })
    await api.models.evaluate.mutate({ project, modelVersionId: version.id, datasetVersionId, idempotencyKey })
    return t('asked')
  })
  const open = async () => {
    act.open()
    setPlace(0)
    const known = choiceOf(version.lineage)
    setChoices(known ? [known] : (await api.datasets.list.query({ project }).catch(() => [])).flatMap(versionsOf))
  }
  const isTied = version.lineage.datasetVersionId !== null
  const isBusy = version.evaluating !== null
  return (
    <>
      <Button disabled={isBusy} onClick={() => void open()}>
        {t(isBusy ? 'busy' : 'ask')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('askTitle', { model: version.model, version: version.version })}
        confirmLabel={t('ask')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        ready={chosen !== undefined}
      >
        <p className="mb-3">{t('askBody')}</p>
        {choices?.length === 0 ? (
          <p className="text-warn">{t('noData')}</p>
        ) : (
          <Field id="evaluation-dataset" label={t('askOn')} hint={isTied ? undefined : t('askHint')}>
            <Select
              id="evaluation-dataset"
              value={String(place)}
              onChange={(event) => setPlace(Number(event.target.value))}
            >
              {choices?.map(({ name, version: number }, index) => (
                <option key={`${name} v${number}`} value={String(index)}>
                  {name} v{number}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </ConfirmSheet>
    </>
  )
}

function choiceOf({ datasetName: name, datasetVersion: version }: ModelVersion['lineage']): Choice | null {
  return name === null || version === null ? null : { name, version }
}

/** Newest first; a dataset's versions are numbered without a gap. */
function versionsOf({ name, latest }: z.infer<typeof DatasetSummary>): Choice[] {
  return Array.from({ length: Math.min(latest.version, MAX_OFFERED) }, (_, back) => {
    return { name, version: latest.version - back }
  })
}
