'use client'
import type { ChartSeries as Curve } from '@modelyard/contracts'
import { useEffect, useState } from 'react'
import { api } from '../../live/client.ts'
import { useFresh } from '../../live/use-fresh.ts'

/** A run's curves are read again at most this often, however fast its points come. */
const GAP_MS = 400
/** And at least this often while it runs, should a change go unheard. */
const POLL_MS = 5_000

type Of = { project: string; runId: string; initial: Curve[]; live: boolean }

const pointsOf = (curves: readonly Curve[]) => curves.reduce((sum, { points }) => sum + points, 0)

/** The run's curves, fresh within a second of a logged point. */
export function useCurves({ project, runId, initial, live }: Of): Curve[] {
  const [curves, setCurves] = useState(initial)
  // The page is read again too, more slowly: what it brings may be older than what is drawn.
  useEffect(() => setCurves((now) => (pointsOf(initial) >= pointsOf(now) ? initial : now)), [initial])
  useFresh({
    gapMs: GAP_MS,
    ...(live ? { everyMs: POLL_MS } : {}),
    concerns: ({ noun, id }) => noun === 'all' || (noun === 'run' && id === runId),
    read: async () => setCurves(await api.runs.series.query({ project, runId })),
  })
  return curves
}

type Steps = { from: number; to: number }
type Framed = { project: string; runId: string; curves: Curve[]; steps: Steps | null }

/** The curves within a frame, in the finest buckets there are for it; the whole curves until they have come. */
export function useFrame({ project, runId, curves, steps }: Framed): Curve[] {
  const [framed, setFramed] = useState<Curve[] | null>(null)
  const keys = JSON.stringify(curves.map(({ key }) => key))
  const [from, to] = [steps?.from, steps?.to]
  useEffect(() => {
    if (from === undefined || to === undefined) {
      setFramed(null)
      return
    }
    let stopped = false
    const read = async () => {
      const asked = { project, runId, keys: (JSON.parse(keys) as string[]).slice(0, 100), fromStep: from, toStep: to }
      const found = await api.runs.series.query(asked).catch(() => null)
      if (!stopped && found !== null) setFramed(found)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [project, runId, keys, from, to])
  return steps === null ? curves : (framed ?? curves)
}
