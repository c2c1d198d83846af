import type { EvaluationReport } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { ConfusionMatrix } from '@modelyard/ui/confusion-matrix'
import { Meter } from '@modelyard/ui/split-bar'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { EvaluationPlots } from './evaluation-curves.tsx'
import { SliceTable } from './evaluation-slices.tsx'
import { byWeight, ReportStats } from './evaluation-summary.tsx'

type Report = z.infer<typeof EvaluationReport>

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
  return byWeight(reports).map((report) => <Evaluation key={report.split} report={report} />)
}

function Evaluation({ report }: { report: Report }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const { curves, calibration, slices } = report
  return (
    <Card title={t('on', { split: t(`split.${report.split}`) })} hint={t('rows', { count: report.rows })}>
      <ReportStats report={report} />
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
      <div className="mt-6">
        {curves || calibration ? (
          <EvaluationPlots curves={curves} calibration={calibration} />
        ) : (
          <p className="text-ink-3 text-sm">{t('noCurves')}</p>
        )}
      </div>
      {slices && (
        <div className="mt-6">
          <SliceTable slices={slices} />
        </div>
      )}
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
