'use client'
import { useEffect, useState } from 'react'

const REFRESH_MS = 10_000
/** How far the server's clock may be ahead of the browser's without anybody noticing. */
const SKEW_MS = 5_000

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** Distance in words of the locale; both ends are epoch milliseconds. */
export function distance(at: number, now: number, locale: string): string {
  const seconds = Math.round((at - now) / 1000)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' })
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(seconds, 'second')
}

/**
 * "3 min ago", kept fresh; without script it stands as the server wrote it. The server's text and the first client
 * render may differ by seconds, which is why this one element waives the hydration warning.
 * `absolute` is the full time for hover, focus and copying.
 */
export function Ago({ at, locale, absolute }: { at: string; locale: string; absolute: string }) {
  const [reference, setReference] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setReference(Date.now()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  const then = Date.parse(at)
  // What just happened is newer than our last look at the clock, and not in the future.
  const now = then > reference && then - reference < REFRESH_MS + SKEW_MS ? then : reference
  return (
    <time dateTime={at} title={absolute} className="whitespace-nowrap" suppressHydrationWarning>
      {distance(then, now, locale)}
    </time>
  )
}
