import { cn } from './cn.ts'
import { ScrollX } from './scroll-x.tsx'

export type ConfusionLabels = {
  caption: string
  actual: string
  predicted: string
  recall: string
  cell: (actual: string, predicted: string, count: number) => string
}

// Classes instead of inline styles: the content security policy allows no style attribute.
const hit = ['bg-transparent', 'bg-ok/10', 'bg-ok/18', 'bg-ok/26', 'bg-ok/34', 'bg-ok/42']
const miss = ['bg-transparent', 'bg-crit/12', 'bg-crit/20', 'bg-crit/28', 'bg-crit/36', 'bg-crit/44']

function shade(share: number, correct: boolean): string {
  const scale = correct ? hit : miss
  // Errors are rare by nature: their scale saturates at a quarter of the row, or none would ever be seen.
  const level = share <= 0 ? 0 : Math.min(5, Math.ceil((correct ? share : share * 4) * 5))
  return scale[level] ?? 'bg-transparent'
}

/** Rows are true classes, columns predicted ones; every cell carries its count and its shade is row-normalised. */
export function ConfusionMatrix({
  classes,
  counts,
  labels,
  percent,
}: {
  classes: string[]
  counts: number[][]
  labels: ConfusionLabels
  percent: (share: number) => string
}) {
  return (
    <ScrollX label={labels.caption} className="max-w-full overflow-x-auto">
      <table className="num border-separate border-spacing-0.5 text-xs">
        <caption className="mb-1 text-left text-ink-3">
          {labels.caption}{' '}
          <span className="whitespace-nowrap">
            ({labels.actual} ↓ · {labels.predicted} →)
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col" className="pr-2 text-right font-medium text-ink-3">
              <span className="sr-only">{labels.actual}</span>
            </th>
            {classes.map((name) => (
              <th key={name} scope="col" className="min-w-8 px-1 py-1 text-center font-medium text-ink-2">
                {name}
              </th>
            ))}
            <th scope="col" className="pl-2 text-right font-medium text-ink-3">
              {labels.recall}
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map((actual, row) => (
            <ConfusionRow
              key={actual}
              actual={actual}
              row={row}
              classes={classes}
              counts={counts[row] ?? []}
              labels={labels}
              percent={percent}
            />
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function ConfusionRow({
  actual,
  row,
  classes,
  counts,
  labels,
  percent,
}: {
  actual: string
  row: number
  classes: string[]
  counts: number[]
  labels: ConfusionLabels
  percent: (share: number) => string
}) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <tr>
      <th scope="row" className="pr-2 text-right font-medium text-ink-2">
        {actual}
      </th>
      {classes.map((predicted, column) => {
        const count = counts[column] ?? 0
        return (
          <td
            key={predicted}
            title={labels.cell(actual, predicted, count)}
            className={cn(
              'h-7 min-w-8 rounded-sm px-1 text-center',
              shade(total === 0 ? 0 : count / total, row === column),
              count === 0 ? 'text-ink-3/60' : 'text-ink',
              row === column && 'font-semibold',
            )}
          >
            {count === 0 ? '·' : count}
          </td>
        )
      })}
      <td className="pl-2 text-right text-ink-2">{total === 0 ? '–' : percent((counts[row] ?? 0) / total)}</td>
    </tr>
  )
}
