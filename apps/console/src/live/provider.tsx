'use client'
import type { Change } from '@modelyard/contracts'
import type { Liveness } from '@modelyard/ui/live-dot'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { openFeed } from './feed.ts'

/** While the stream is down, everything is read again this often. */
const POLL_MS = 15_000

type Hear = (change: Change) => void
type Live = { state: Liveness; paused: boolean; toggle: () => void; hear: (listener: Hear) => () => void }

const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('useLive needs a LiveProvider above it')
  return live
}

/** One stream of changes for all parts of a page; polling when it is down; silence when paused or hidden. */
export function LiveProvider({ project, children }: { project: string; children: ReactNode }) {
  const [state, setState] = useState<Liveness>('late')
  const [paused, setPaused] = useState(false)
  const listeners = useRef(new Set<Hear>())
  useEffect(() => {
    if (paused) {
      setState('off')
      return
    }
    const announce = (change: Change) => {
      for (const listener of listeners.current) listener(change)
    }
    const everything = () => announce({ noun: 'all', id: '', projectId: '' })
    let connected = false
    const feed = openFeed(project, {
      change: announce,
      state: (next) => {
        connected = next === 'connected'
        setState(connected ? 'live' : next === 'failed' ? 'off' : 'late')
      },
    })
    const poll = setInterval(() => !connected && everything(), POLL_MS)
    return () => {
      clearInterval(poll)
      feed.close()
    }
  }, [project, paused])
  const live = useMemo<Live>(
    () => ({
      state,
      paused,
      toggle: () => setPaused((before) => !before),
      hear: (listener) => {
        listeners.current.add(listener)
        return () => listeners.current.delete(listener)
      },
    }),
    [state, paused],
  )
  return <LiveContext value={live}>{children}</LiveContext>
}
