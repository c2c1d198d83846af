'use client'
import type { ComparedRun } from '@modelyard/contracts'
import type { MetricCell, MetricRow } from '@modelyard/domain'
import { cn } from '@modelyard/ui'
import { Tag } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { RunColumns } from './run-columns.tsx'

type Props = {
  rows: MetricRow[]
  runs: ComparedRun[]
  baseline: number
  shown: ReadonlySet<string>
  caption: string
}

/** Newest values; the best of each row has a star, the others their distance from the baseline. */
export function MetricTable({ rows, runs, baseline, shown, caption }: Props) {
  const t = useTranslations('client.compare')
  if (rows.length === 0) return <p className="px-4 py-6 text-center text-ink-3 text-sm">{t('noMetrics')}</p>
  return (
    <RunColumns {...{ caption, runs, baseline, shown }} corner={t('metric')}>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th
              scope="row"
              title={row.key}
              className="sticky left-0 z-[1] max-w-52 border-line border-b bg-surface px-4 py-1.5 text-left font-normal"
            >
              <span className="mono block truncate">{row.key}</span>
              <span className="block text-2xs text-ink-3">{t(`goal.${row.goal ?? 'unknown'}`)}</span>
            </th>
            {row.cells.map((cell, index) => {
              const id = runs[index]?.id ?? ''
              if (!shown.has(id)) return null
              return (
                <td key={id} className="num border-line border-b px-3 py-1.5 align-top">
                  <Value cell={cell} />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </RunColumns>
  )
}

function Value({ cell }: { cell: MetricCell }) {
  const t = useTranslations('client.compare')
  const format = useFormat()
  const { value, best, delta, better } = cell
  if (value === null) return <span className="text-ink-3">–</span>
  if (typeof value === 'string') {
    return (
      <Tag tone="warn" mono>
        {value}
      </Tag>
    )
  }
  return (
    <>
      <span className={cn(best && 'font-semibold text-ok')}>
        {format.metric(value)}
        {best && (
          <>
            <span aria-hidden> ★</span>
            <span className="sr-only"> {t('best')}</span>
          </>
        )}
      </span>
      {delta !== null && <Delta delta={delta} better={better} />}
    </>
  )
}

/** The distance from the baseline: arrow for the way, colour and a word for whether it is a good one. */
function Delta({ delta, better }: { delta: number; better: boolean | null }) {
  const t = useTranslations('client.compare')
  const format = useFormat()
  const tone = better === null ? 'text-ink-3' : better ? 'text-ok' : 'text-crit'
  return (
    <span className={cn('block text-2xs', tone)}>
      <span aria-hidden>{delta > 0 ? '▲' : delta < 0 ? '▼' : '='}</span> {delta === 0 ? '' : delta < 0 ? '−' : '+'}
      {format.metric(Math.abs(delta))}
      {better !== null && <span className="sr-only"> {t(better ? 'better' : 'worse')}</span>}
    </span>
  )
}
