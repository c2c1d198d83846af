'use client'
import type { ComparedRun } from '@modelyard/contracts'
import type { DifferenceRow } from '@modelyard/domain'
import { cn } from '@modelyard/ui'
import { useTranslations } from 'next-intl'
import { short } from '../../format/format.ts'
import { RunColumns } from './run-columns.tsx'

type Group = { title: string; rows: DifferenceRow[]; hashes?: boolean }
type Props = {
  runs: ComparedRun[]
  baseline: number
  only: boolean
  shown: ReadonlySet<string>
  caption: string
  groups: Group[]
}

/** Rows in which the runs differ, or all of them; a cell unlike the baseline's is marked with a sign and a ground. */
export function DifferenceTable({ runs, baseline, only, shown, caption, groups }: Props) {
  const t = useTranslations('client.compare')
  const filled = groups
    .map((group) => ({ ...group, rows: group.rows.filter(({ differs }) => differs || !only) }))
    .filter(({ rows }) => rows.length > 0)
  if (filled.length === 0) return <p className="px-4 py-6 text-center text-ink-3 text-sm">{t('nothingDiffers')}</p>
  return (
    <RunColumns {...{ caption, runs, baseline, shown }} corner={t('param')}>
      {filled.map(({ title, rows, hashes }) => (
        <tbody key={title}>
          <tr>
            <th
              scope="rowgroup"
              colSpan={shown.size + 1}
              className="border-line border-b bg-raised px-4 py-1 text-left font-medium text-ink-2 text-xs"
            >
              <span className="sticky left-4">{title}</span>
            </th>
          </tr>
          {rows.map((row) => (
            <Row key={row.key} {...{ row, baseline, runs, shown }} hashes={hashes === true} />
          ))}
        </tbody>
      ))}
    </RunColumns>
  )
}

type RowProps = Pick<Props, 'baseline' | 'runs' | 'shown'> & { row: DifferenceRow; hashes: boolean }

function Row({ row, baseline, runs, shown, hashes }: RowProps) {
  const t = useTranslations('client.compare')
  const from = row.values[baseline]
  return (
    <tr>
      <th
        scope="row"
        className="mono sticky left-0 z-[1] max-w-52 truncate border-line border-b bg-surface px-4 py-1.5 text-left font-normal"
        title={row.key}
      >
        {row.key}
      </th>
      {runs.map((run, index) => {
        if (!shown.has(run.id)) return null
        const value = row.values[index] ?? null
        const unlike = index !== baseline && value !== from
        return (
          <td
            key={run.id}
            title={value ?? undefined}
            className={cn('mono max-w-60 truncate border-line border-b px-3 py-1.5', unlike && 'bg-warn-soft')}
          >
            {value === null ? <span className="text-ink-3">–</span> : hashes ? short(value, 12) : value}
            {unlike && (
              <span className="ml-1 text-warn">
                <span aria-hidden>*</span>
                <span className="sr-only">{t('unlike')}</span>
              </span>
            )}
          </td>
        )
      })}
    </tr>
  )
}
