'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo, useRef } from 'react'
import { type RunsAddress, readAddress, writeAddress } from './view-params.ts'

export type ChangeAddress = (change: Partial<RunsAddress>, how?: 'push' | 'replace') => void

/** The table's state in the address: a link shows what its sender saw, and Back takes back the last question. */
export function useRunsAddress(): { address: RunsAddress; change: ChangeAddress } {
  const params = useSearchParams()
  const pathname = usePathname()
  const text = params.toString()
  const address = useMemo(() => readAddress(new URLSearchParams(text)), [text])
  const latest = useRef(address)
  latest.current = address
  const change = useCallback<ChangeAddress>(
    (next, how = 'push') => {
      // Several changes may come before the address is drawn again.
      latest.current = { ...latest.current, ...next }
      const search = writeAddress(latest.current)
      const url = search === '' ? pathname : `${pathname}?${search}`
      // Not the router: rows are asked for by themselves, the page's server part need not be drawn again.
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  return { address, change }
}
