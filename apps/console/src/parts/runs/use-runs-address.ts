'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { type RunsAddress, readAddress, writeAddress } from './view-params.ts'

type Change = Partial<RunsAddress> | ((now: RunsAddress) => Partial<RunsAddress>)
export type ChangeAddress = (change: Change, how?: 'push' | 'replace') => void

/** The table's state in the address: a link shows what its sender saw, and Back takes back the last question. */
export function useRunsAddress(): { address: RunsAddress; change: ChangeAddress } {
  const params = useSearchParams()
  const pathname = usePathname()
  const text = params.toString()
  const address = useMemo(() => readAddress(new URLSearchParams(text)), [text])
  const change = useCallback<ChangeAddress>(
    (next, how = 'push') => {
      // Of the address itself: a second key may come before the page has drawn what the first one changed.
      const now = readAddress(new URLSearchParams(window.location.search))
      const search = writeAddress({ ...now, ...(typeof next === 'function' ? next(now) : next) })
      const url = search === '' ? pathname : `${pathname}?${search}`
      // Not the router: rows are asked for by themselves, the page's server part need not be drawn again.
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  return { address, change }
}
