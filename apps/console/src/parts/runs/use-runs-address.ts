'use client'
import { useCallback, useMemo } from 'react'
import { useAddress } from '../use-address.ts'
import { type RunsAddress, readAddress, writeAddress } from './view-params.ts'

type Change = Partial<RunsAddress> | ((now: RunsAddress) => Partial<RunsAddress>)
export type ChangeAddress = (change: Change, how?: 'push' | 'replace') => void

/** The table's state in the address: a link shows what its sender saw, and Back takes back the last question. */
export function useRunsAddress(): { address: RunsAddress; change: ChangeAddress } {
  const { search, change: changeSearch } = useAddress()
  const address = useMemo(() => readAddress(search), [search])
  const change = useCallback<ChangeAddress>(
    (next, how = 'push') =>
      changeSearch((now) => {
        const was = readAddress(now)
        writeAddress(now, { ...was, ...(typeof next === 'function' ? next(was) : next) })
      }, how),
    [changeSearch],
  )
  return { address, change }
}
