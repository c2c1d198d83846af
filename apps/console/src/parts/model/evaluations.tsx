import type { EvaluationReport } from '@modelyard/contracts'
import { Card, Stat } from '@modelyard/ui/card'
import { ConfusionMatrix } from '@modelyard/ui/confusion-matrix'
import { Meter } from '@modelyard/ui/split-bar'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'

type Report = z.infer<typeof EvaluationReport>

const order = { test: 0, validation: 1, train: 2 }

/** How good the version is, on rows it was not trained on first. */
export function Evaluations({ reports }: { reports: Report[] }) {
  const t = useTranslations('client.evaluation')
  if (reports.length === 0) {
    return (
      <Card title={t('title')}>
        <p className="text-ink-3 text-sm">{t('none')}</p>
      </Card>
    )
  }
  return reports
    .toSorted((a, b) => order[a.split] - order[b.split])
    .map((report) => <Evaluation key={report.split} report={report} />)
}

function Evaluation({ report }: { report: Report }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const [low, high] = report.accuracyInterval
  return (
    <Card title={t('on', { split: t(`split.${report.split}`) })} hint={t('rows', { count: report.rows })}>
      <div className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        <Stat
          label={t('accuracy')}
          value={format.percent(report.accuracy, 2)}
          note={t('interval', { low: format.percent(low, 1), high: format.percent(high, 1) })}
        />
        <Stat label={t('macroF1')} value={format.metric(report.macroF1)} />
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
      <div className="mt-5 flex flex-wrap gap-x-8 gap-y-5">
        <ConfusionMatrix
          classes={report.classes}
          counts={report.confusion}
          percent={(share) => format.percent(share)}
          labels={{
            caption: t('confusion'),
            actual: t('actual'),
            predicted: t('predicted'),
            recall: t('recall'),
            cell: (actual, predicted, count) => t('cell', { actual, predicted, count }),
          }}
        />
        <PerClass report={report} />
      </div>
    </Card>
  )
}

function PerClass({ report }: { report: Report }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  return (
    <div className="min-w-64 flex-1 sm:min-w-96">
      <Table
        caption={t('perClass')}
        head={
          <>
            <Th>{t('class')}</Th>
            <Th className="w-full">F1</Th>
            <Th numeric>{t('precision')}</Th>
            <Th numeric>{t('recall')}</Th>
            <Th numeric>{t('support')}</Th>
          </>
        }
      >
        {report.perClass.map((item) => (
          <tr key={item.label}>
            <Td className="mono py-1">{item.label}</Td>
            <Td className="py-1">
              <span className="flex items-center gap-2">
                <Meter
                  value={item.f1}
                  tone={item.f1 < 0.7 ? 'warn' : 'accent'}
                  label={`F1 ${format.metric(item.f1)}`}
                  className="min-w-12"
                />
                <span className="num w-12 text-right">{item.f1.toFixed(3)}</span>
              </span>
            </Td>
            <Td numeric className="py-1">
              {item.precision.toFixed(3)}
            </Td>
            <Td numeric className="py-1">
              {item.recall.toFixed(3)}
            </Td>
            <Td numeric className="py-1 text-ink-3">
              {format.number(item.support)}
            </Td>
          </tr>
        ))}
      </Table>
    </div>
  )
}
