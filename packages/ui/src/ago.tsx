'use client'
import { useEffect, useState } from 'react'

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
 * "3 min ago", kept fresh. The server passes its own `now`, so that the first client render equals the server's;
 * without script the text stands as rendered. `absolute` is the full time for hover, focus and copying.
 */
export function Ago({ at, now, locale, absolute }: { at: string; now: number; locale: string; absolute: string }) {
  const [reference, setReference] = useState(now)
  useEffect(() => {
    setReference(Date.now())
    const timer = setInterval(() => setReference(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  const then = Date.parse(at)
  return (
    <time dateTime={at} title={absolute} className="whitespace-nowrap">
      {distance(then, Math.max(reference, now), locale)}
    </time>
  )
}
