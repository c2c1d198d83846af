'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useRef, useTransition } from 'react'
import { type RunsAddress, readAddress, writeAddress } from './view-params.ts'

type Change = Partial<RunsAddress> | ((now: RunsAddress) => Partial<RunsAddress>)
export type ChangeAddress = (change: Change, how?: 'push' | 'replace') => void

/** The table's state in the address: a link shows what its sender saw, and Back takes back the last question. */
export function useRunsAddress(): { address: RunsAddress; change: ChangeAddress } {
  const params = useSearchParams()
  const pathname = usePathname()
  const text = params.toString()
  const address = useMemo(() => readAddress(new URLSearchParams(text)), [text])
  // The address that is on its way: while the router draws one change it puts the address before the next one back.
  const coming = useRef<string | null>(null)
  const [moving, startMoving] = useTransition()
  useEffect(() => {
    if (!moving) coming.current = null
  }, [moving])
  const change = useCallback<ChangeAddress>(
    (next, how = 'push') => {
      const now = readAddress(new URLSearchParams(coming.current ?? window.location.search))
      const search = writeAddress({ ...now, ...(typeof next === 'function' ? next(now) : next) })
      const url = search === '' ? pathname : `${pathname}?${search}`
      coming.current = search
      startMoving(() => {
        // Not the router: rows are asked for by themselves, the page's server part need not be drawn again.
        if (how === 'push') window.history.pushState(null, '', url)
        else window.history.replaceState(null, '', url)
      })
    },
    [pathname],
  )
  return { address, change }
}
