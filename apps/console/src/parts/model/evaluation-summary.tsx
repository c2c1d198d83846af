import type { EvaluationReport, ModelVersion } from '@modelyard/contracts'
import { Card, Stat } from '@modelyard/ui/card'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'

const order = { test: 0, validation: 1, train: 2 }

/** On rows it was not trained on first. */
export function byWeight(reports: readonly EvaluationReport[]): EvaluationReport[] {
  return reports.toSorted((a, b) => order[a.split] - order[b.split])
}

/** How good the version is in a line for each part of the dataset; the tab beside has all of it. */
export function EvaluationSummary({ project, data }: { project: string; data: ModelVersion }) {
  const t = useTranslations('client.evaluation')
  if (data.evaluations.length === 0)
    return (
      <Card title={t('title')}>
        <p className="text-ink-3 text-sm">{t('none')}</p>
      </Card>
    )
  const page = `${links.model(project, data.model, data.version)}/eval`
  return byWeight(data.evaluations).map((report, place) => (
    <Card
      key={report.split}
      title={t('on', { split: t(`split.${report.split}`) })}
      hint={t('rows', { count: report.rows })}
      actions={
        place > 0 ? undefined : (
          <Link href={page} prefetch={false} className={`${textLink} text-xs`}>
            {t('more')}
          </Link>
        )
      }
    >
      <ReportStats report={report} />
    </Card>
  ))
}

/** The numbers by which a version is chosen. */
export function ReportStats({ report }: { report: EvaluationReport }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const [low, high] = report.accuracyInterval
  return (
    <div className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-5">
      <Stat
        label={t('accuracy')}
        value={format.percent(report.accuracy, 2)}
        note={t('interval', { low: format.percent(low, 1), high: format.percent(high, 1) })}
      />
      <Stat label={t('macroF1')} value={format.metric(report.macroF1)} />
      <Stat label={t('macroAuc')} value={format.metric(report.curves?.macro.auc)} />
      <Stat label={t('logLoss')} value={format.metric(report.logLoss)} />
      <Stat
        label={t('latency')}
        value={format.ms(report.latencyMs.p95)}
        note={t('latencyNote', {
          p50: format.ms(report.latencyMs.p50),
          p99: format.ms(report.latencyMs.p99),
          runs: report.latencyMs.runs,
          batch: report.latencyMs.batchRows,
        })}
      />
    </div>
  )
}
