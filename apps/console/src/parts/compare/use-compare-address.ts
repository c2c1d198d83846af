'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

export type CompareAddress = {
  /** Index of the run that the others are measured from. */
  baseline: number
  only: boolean
  metric: string
  setBaseline: (runId: string) => void
  setOnly: (only: boolean) => void
  setMetric: (metric: string) => void
}

export function useCompareAddress(runs: readonly ComparedRun[]): CompareAddress {
  const params = useSearchParams()
  const pathname = usePathname()
  const set = useCallback(
    (name: string, value: string) => {
      const next = new URLSearchParams(params)
      if (value === '') next.delete(name)
      else next.set(name, value)
      window.history.replaceState(null, '', `${pathname}?${next}`)
    },
    [params, pathname],
  )
  const keys = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))
  const asked = params.get('metric') ?? ''
  return {
    baseline: Math.max(
      0,
      runs.findIndex(({ id }) => id === params.get('base')),
    ),
    only: params.get('all') === null,
    metric: keys.has(asked) ? asked : ([...keys].sort()[0] ?? ''),
    setBaseline: (runId) => set('base', runId),
    setOnly: (only) => set('all', only ? '' : '1'),
    setMetric: (metric) => set('metric', metric),
  }
}
