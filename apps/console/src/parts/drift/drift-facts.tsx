import type { DriftReport } from '@modelyard/contracts'
import type { Tone } from '@modelyard/ui'
import { Card, Stat } from '@modelyard/ui/card'
import { HistogramPair } from '@modelyard/ui/histogram'
import { KeyValue } from '@modelyard/ui/key-value'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Id, IdLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

const tones: Record<DriftReport['verdict'], Tone> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'crit',
  insufficient: 'neutral',
}

/** The answer first: how many drifted, over which window, against what. */
export function DriftVerdictCard({ project, report }: { project: string; report: DriftReport }) {
  const t = useTranslations('client.drift')
  const format = useFormat()
  return (
    <Card tone={tones[report.verdict]}>
      <div className="grid grid-cols-2 gap-x-6 gap-y-3 lg:grid-cols-5">
        <Stat
          label={t('drifted')}
          value={t('share', { drifted: report.drifted, total: report.features.length })}
          tone={tones[report.verdict] === 'ok' ? undefined : tones[report.verdict]}
          note={<StatePill noun="drift" state={report.verdict} quiet />}
        />
        <Stat
          label={t('window')}
          value={format.number(report.nCurrent)}
          unit={t('rows')}
          note={`${format.clock(report.windowFrom)} – ${format.clock(report.windowTo)}`}
        />
        <Stat
          label={t('reference')}
          value={format.number(report.nReference)}
          unit={t('rows')}
          note={<IdLink project={project} id={report.referenceDatasetVersionId} label={report.referenceName} />}
        />
        <Stat label={t('variant')} value={`r${report.variant}`} note={<When at={report.createdAt} />} />
        {report.prediction !== null && (
          <Stat
            label={t('prediction')}
            value={
              <HistogramPair
                reference={report.prediction.reference}
                current={report.prediction.current}
                label={t('pair', { name: t('prediction') })}
              />
            }
            note={<StatePill noun="drift" state={report.prediction.verdict} quiet />}
          />
        )}
      </div>
    </Card>
  )
}

/** Everything needed to repeat the measurement. */
export function DriftMethod({ project, report }: { project: string; report: DriftReport }) {
  const t = useTranslations('client.drift')
  const format = useFormat()
  const { method } = report
  return (
    <KeyValue
      pairs={[
        { label: t('test'), value: method.test },
        { label: t('correction'), value: `${method.correction}, q = ${format.metric(method.q)}` },
        {
          label: t('effectGate'),
          value: <span className="num">{t('effectGateValue', { value: format.metric(method.effectGate) })}</span>,
        },
        {
          label: t('falseAlarms'),
          value: <span className="num">{t('perMonth', { value: format.metric(method.falseAlarmsPerMonth) })}</span>,
        },
        { label: t('window'), value: `${format.full(report.windowFrom)} – ${format.full(report.windowTo)}` },
        {
          label: t('reference'),
          value: (
            <>
              {report.referenceName} · <IdLink project={project} id={report.referenceDatasetVersionId} />
            </>
          ),
        },
        { label: t('report'), value: <Id id={report.id} /> },
      ]}
    />
  )
}
