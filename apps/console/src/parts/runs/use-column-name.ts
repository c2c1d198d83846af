import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { partsOf } from './columns.ts'

const NAMED = ['run_name', 'status', 'experiment', 'start_time', 'duration', 'user_id', 'datasets', 'run_id'] as const
type Named = (typeof NAMED)[number]

/** A column as its head says it: what runs have by nature in the reader's language, what was logged as it was logged. */
export function useColumnName(): (column: string) => string {
  const t = useTranslations('client.runs.attribute')
  return useCallback(
    (column) => {
      const { scope, key } = partsOf(column)
      return scope === 'attributes' && isNamed(key) ? t(key) : key
    },
    [t],
  )
}

function isNamed(key: string): key is Named {
  return (NAMED as readonly string[]).includes(key)
}
