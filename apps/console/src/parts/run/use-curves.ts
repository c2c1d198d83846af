'use client'
import type { ChartSeries as Curve } from '@modelyard/contracts'
import type { ChartRange } from '@modelyard/ui/time-chart'
import { useEffect, useState } from 'react'
import { api } from '../../live/client.ts'
import { useLive } from '../../live/provider.tsx'

/** A run's curves are read again at most this often, however fast its points come. */
const GAP_MS = 500
/** And at least this often while it runs, should a change go unheard. */
const POLL_MS = 5_000

type Of = { project: string; runId: string; initial: Curve[]; live: boolean }

/** The run's curves, fresh within a second of a logged point. */
export function useCurves({ project, runId, initial, live }: Of): Curve[] {
  const { hear, paused } = useLive()
  const [curves, setCurves] = useState(initial)
  useEffect(() => setCurves(initial), [initial])
  useEffect(() => {
    if (paused) return
    let stopped = false
    let reading = false
    let due = false
    let lastAt = Date.now()
    const read = async () => {
      if (reading || document.hidden) return
      reading = true
      due = false
      lastAt = Date.now()
      const next = await api.runs.series.query({ project, runId }).catch(() => null)
      reading = false
      if (!stopped && next !== null) setCurves(next)
    }
    const stopHearing = hear((change) => {
      due ||= change.noun === 'all' || (change.noun === 'run' && change.id === runId)
    })
    const clock = setInterval(() => {
      const age = Date.now() - lastAt
      if ((due && age >= GAP_MS) || (live && age >= POLL_MS)) void read()
    }, GAP_MS / 4)
    return () => {
      stopped = true
      clearInterval(clock)
      stopHearing()
    }
  }, [project, runId, live, paused, hear])
  return curves
}

type Framed = { project: string; runId: string; curves: Curve[]; range: ChartRange | null }

/** The curves within a frame, in the finest buckets there are for it; the whole curves until they have come. */
export function useFrame({ project, runId, curves, range }: Framed): Curve[] {
  const [framed, setFramed] = useState<Curve[] | null>(null)
  const keys = JSON.stringify(curves.map(({ key }) => key))
  useEffect(() => {
    if (range === null) {
      setFramed(null)
      return
    }
    let stopped = false
    const steps = { fromStep: Math.floor(range.from), toStep: Math.ceil(range.to) }
    const read = async () => {
      const asked = { project, runId, keys: (JSON.parse(keys) as string[]).slice(0, 100), ...steps }
      const found = await api.runs.series.query(asked).catch(() => null)
      if (!stopped && found !== null) setFramed(found)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [project, runId, keys, range])
  return range === null ? curves : (framed ?? curves)
}
