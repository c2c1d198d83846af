'use client'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'

export type ChangeSearch = (change: (search: URLSearchParams) => void, how?: 'push' | 'replace') => void

/**
 * The search that is on its way. While the router draws one change it puts the address before that one back, so until
 * it has arrived this is the address; one for all parts of the page, for they all change the same.
 */
type Coming = { pathname: string; search: string }
let coming: Coming | null = null
const listeners = new Set<() => void>()
/** What never arrives, because a link was followed meanwhile, is given up. */
const GIVE_UP_MS = 5_000

function setComing(next: Coming | null): void {
  coming = next
  for (const listener of listeners) listener()
  if (next !== null) setTimeout(() => coming === next && setComing(null), GIVE_UP_MS)
}

const forget = () => setComing(null)

function listen(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', forget)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('popstate', forget)
  }
}

/**
 * State in the address, so that a link shows what its sender saw. `change` alters the newest search there is, drawn by
 * the router or not, and is seen at once: of two changes in a row none is lost. The server is not asked again.
 */
export function useAddress(): { search: URLSearchParams; change: ChangeSearch } {
  const pathname = usePathname()
  const arrived = useSearchParams().toString()
  const onItsWay = useSyncExternalStore(
    listen,
    () => (coming?.pathname === pathname ? coming.search : null),
    () => null,
  )
  const text = onItsWay ?? arrived
  const search = useMemo(() => new URLSearchParams(text), [text])
  useEffect(() => {
    if (coming !== null && (coming.pathname !== pathname || coming.search === arrived)) forget()
  }, [pathname, arrived])
  const change = useCallback<ChangeSearch>(
    (alter, how = 'replace') => {
      const next = new URLSearchParams(coming?.pathname === pathname ? coming.search : window.location.search)
      alter(next)
      const url = next.size === 0 ? pathname : `${pathname}?${next}`
      setComing({ pathname, search: next.toString() })
      // Not the router: its server part of the page need not be drawn again.
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [pathname],
  )
  return { search, change }
}
