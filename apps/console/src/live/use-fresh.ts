'use client'
import type { Change } from '@modelyard/contracts'
import { useEffect, useRef } from 'react'
import { createPace } from './pace.ts'
import { useLive } from './provider.tsx'

type Fresh = {
  /** Whether a change asks for reading again. */
  concerns: (change: Change) => boolean
  read: () => Promise<void>
  gapMs: number
  /** Also read this often, should a change go unheard; never where absent. */
  everyMs?: number
}

/**
 * Reads again as soon as a change is heard, then at most every `gapMs`. A hidden tab asks for nothing; it reads what it
 * missed when it is seen.
 */
export function useFresh({ gapMs, everyMs, ...fresh }: Fresh): void {
  const { hear, paused } = useLive()
  const latest = useRef(fresh)
  latest.current = fresh
  useEffect(() => {
    if (paused) return
    let missed = false
    const pace = createPace(gapMs, () => latest.current.read())
    const ask = () => {
      missed = document.hidden
      if (!missed) pace.ask()
    }
    const stopHearing = hear((change) => {
      if (latest.current.concerns(change)) ask()
    })
    const seen = () => missed && ask()
    document.addEventListener('visibilitychange', seen)
    const clock = everyMs === undefined ? undefined : setInterval(ask, everyMs)
    return () => {
      stopHearing()
      pace.stop()
      clearInterval(clock)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [hear, paused, gapMs, everyMs])
}
