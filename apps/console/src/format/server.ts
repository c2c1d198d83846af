import 'server-only'
import { getLocale, getTimeZone } from 'next-intl/server'
import { cache } from 'react'
import { makeFormat } from './format.ts'

/** The request's rules of writing, and the instant it is answered at. */
export const getFormat = cache(async () => {
  const [locale, timeZone] = await Promise.all([getLocale(), getTimeZone()])
  return { ...makeFormat(locale, timeZone), now: Date.now() }
})
