'use client'
import type { RunKeys } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { RotateCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { missingColumns } from './columns.ts'
import type { useRunRows } from './use-run-rows.ts'

type Props = { runs: ReturnType<typeof useRunRows>; columns: string[]; keys: RunKeys; grouped: boolean }

/** How many there are, how many run, how many came since; and what of the view no run has any more. */
export function StateLine({ runs, columns, keys, grouped }: Props) {
  const t = useTranslations('client.runs')
  const missing = missingColumns(columns, keys)
  const { total, running } = runs.count
  // What was refused says nothing about how many there are.
  if (runs.fault !== null && runs.rows.length === 0) return null
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-1 text-xs">
      <p className="num text-ink-2" aria-live="polite">
        {runs.cursor === null || grouped ? t('total', { total }) : t('loaded', { shown: runs.rows.length, total })}
      </p>
      {running > 0 && <p className="num text-accent">{t('running', { count: running })}</p>}
      {runs.newer > 0 && (
        <Button size="sm" variant="primary" onClick={runs.reload}>
          <RotateCw aria-hidden />
          {t('newer', { count: runs.newer })}
        </Button>
      )}
      {missing.length > 0 && (
        <p className="text-warn [overflow-wrap:anywhere]" title={missing.join('\n')}>
          {t('missing', { count: missing.length })}
        </p>
      )}
    </div>
  )
}
