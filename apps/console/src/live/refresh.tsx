'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useLive } from './provider.tsx'

/** Changes come in bursts; a page is read again at most this often. */
const GAP_MS = 1_000

/**
 * Reads the page's server part again when a row of these nouns changes, or only one of `rows`. `everyMs` also refreshes numbers that change
 * without an announcement, such as traffic. A hidden tab waits until it is seen.
 */
export function LiveRefresh({ nouns, rows = [], everyMs }: { nouns: string[]; rows?: string[]; everyMs?: number }) {
  const router = useRouter()
  const { hear, paused } = useLive()
  const topics = nouns.join(',')
  const ids = rows.join(',')
  useEffect(() => {
    if (paused) return
    const wanted = topics.split(',')
    const only = ids === '' ? null : ids.split(',')
    let due = false
    let lastAt = Date.now()
    const refresh = () => {
      if (document.hidden) return
      due = false
      lastAt = Date.now()
      router.refresh()
    }
    const stopHearing = hear((change) => {
      const isOurs = wanted.includes(change.noun) && (only?.includes(change.id) ?? true)
      if (change.noun === 'all' || isOurs) due = true
    })
    const clock = setInterval(() => {
      const age = Date.now() - lastAt
      if ((due && age >= GAP_MS) || (everyMs !== undefined && age >= everyMs)) refresh()
    }, GAP_MS / 4)
    const seen = () => due && refresh()
    document.addEventListener('visibilitychange', seen)
    return () => {
      stopHearing()
      clearInterval(clock)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [topics, ids, everyMs, hear, paused, router])
  return null
}
