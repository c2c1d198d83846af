import { useLocale, useTimeZone } from 'next-intl'
import { useMemo } from 'react'
import { type Format, makeFormat } from './format.ts'

/** The rules of writing for parts that are drawn on either side. */
export function useFormat(): Format {
  const locale = useLocale()
  const timeZone = useTimeZone() ?? 'UTC'
  return useMemo(() => makeFormat(locale, timeZone), [locale, timeZone])
}
