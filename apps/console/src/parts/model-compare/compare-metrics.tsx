import type { ComparedMetric, ModelComparison } from '@modelyard/contracts'
import { cn } from '@modelyard/ui'
import { Table, Td } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { Fragment } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { firstColumn, GroupRow, VersionHeads } from './compare-frame.tsx'
import { deltaText, isBetter, valueText } from './delta.ts'

type Props = { project: string; data: ModelComparison; hrefOfBaseline: (version: number) => string }

/** Measurements by part of the data, each with its distance from the baseline. */
export function CompareMetrics(props: Props) {
  const { data } = props
  const t = useTranslations('modelCompare')
  const groups = [...new Set(data.metrics.map(({ group }) => group))]
  return (
    <Table caption={t('metrics')} head={<VersionHeads {...props} what={t('metric')} />}>
      {groups.map((group) => (
        <Fragment key={group}>
          <GroupRow columns={data.versions.length + 1}>{t(`group.${group}`)}</GroupRow>
          {data.metrics
            .filter((metric) => metric.group === group)
            .map((metric) => (
              <MetricRow key={metric.name} metric={metric} baseline={data.baseline} />
            ))}
        </Fragment>
      ))}
    </Table>
  )
}

function MetricRow({ metric, baseline }: { metric: ComparedMetric; baseline: number }) {
  const t = useTranslations('modelCompare')
  const format = useFormat()
  return (
    <tr>
      <Td className={cn(firstColumn, 'mono text-xs [overflow-wrap:anywhere]')}>{metric.name}</Td>
      {metric.values.map((value, column) => {
        const delta = metric.deltas[column] ?? null
        const better = delta === null ? null : isBetter(metric, delta)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          <Td key={column} className="num min-w-36">
            <span className={cn(metric.best.includes(column) && 'font-semibold')}>
              {valueText(format, metric.unit, value)}
            </span>
            {metric.best.includes(column) && <span className="ml-1.5 text-2xs text-ok">{t('best')}</span>}
            {column !== baseline && delta !== null && (
              <span className={cn('block text-xs', better === null ? 'text-ink-3' : better ? 'text-ok' : 'text-crit')}>
                {deltaText(format, metric.unit, delta)}
                {better !== null && <span className="sr-only"> {t(better ? 'better' : 'worse')}</span>}
              </span>
            )}
          </Td>
        )
      })}
    </tr>
  )
}
