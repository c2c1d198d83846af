'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { setOrDrop } from '../set-or-drop.ts'
import { useAddress } from '../use-address.ts'

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
  const { search, change } = useAddress()
  const set = (name: string, value: string) => change((next) => setOrDrop(next, name, value))
  const keys = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))
  const asked = search.get('metric') ?? ''
  return {
    baseline: Math.max(
      0,
      runs.findIndex(({ id }) => id === search.get('base')),
    ),
    only: search.get('all') === null,
    metric: keys.has(asked) ? asked : ([...keys].sort()[0] ?? ''),
    setBaseline: (runId) => set('base', runId),
    setOnly: (only) => set('all', only ? '' : '1'),
    setMetric: (metric) => set('metric', metric),
  }
}
