import type { ModelVersion } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { When } from '../when.tsx'

/** An evaluation that is under way, or why the last one left nothing behind; read out when it changes. */
export function EvaluationState({ version }: { version: Pick<ModelVersion, 'evaluating' | 'evaluationFailure'> }) {
  return (
    <div role="status" className="empty:hidden">
      <Said {...version} />
    </div>
  )
}

function Said({ evaluating, evaluationFailure }: Pick<ModelVersion, 'evaluating' | 'evaluationFailure'>) {
  const t = useTranslations('client.evaluation')
  if (evaluating !== null) {
    const { dataset, datasetVersion: version, queuedAt } = evaluating
    return (
      <Card tone="active">
        <StatusPill tone="active" label={t('underWay', { dataset, version })} quiet className="whitespace-normal" />
        <p className="mt-1 text-ink-2 text-sm">{t.rich('underWayBody', { when: () => <When at={queuedAt} /> })}</p>
      </Card>
    )
  }
  if (evaluationFailure === null) return null
  return (
    <Card tone="warn">
      <StatusPill tone="warn" label={t('failed')} quiet className="whitespace-normal" />{' '}
      <span className="text-ink-3 text-xs">
        <When at={evaluationFailure.at} />
      </span>
      <p className="mt-1 text-ink-2 text-sm [overflow-wrap:anywhere]">{evaluationFailure.why}</p>
    </Card>
  )
}
