'use client'
import type { ComparedRun } from '@modelyard/contracts'
import type { Brush } from '@modelyard/ui/parallel-coordinates'
import { useMemo } from 'react'
import { setOrDrop } from '../set-or-drop.ts'
import { useAddress } from '../use-address.ts'
import { type Brushes, readBrushes, writeBrush } from './brushed.ts'

export type CompareAddress = {
  /** Index of the run that the others are measured from. */
  baseline: number
  only: boolean
  metric: string
  brushes: Brushes
  setBaseline: (runId: string) => void
  setOnly: (only: boolean) => void
  setMetric: (metric: string) => void
  setBrush: (axis: string, brush: Brush | null) => void
  clearBrushes: () => void
}

/** What runs are most likely compared by; times and counts draw no curve worth a first look. */
function likeliest(keys: ReadonlySet<string>): string {
  const sorted = [...keys].sort()
  return sorted.find((key) => /loss|accuracy|f1|auc|err/i.test(key)) ?? sorted[0] ?? ''
}

export function useCompareAddress(runs: readonly ComparedRun[]): CompareAddress {
  const { search, change } = useAddress()
  const brushes = useMemo(() => readBrushes(search), [search])
  const set = (name: string, value: string) => change((next) => setOrDrop(next, name, value))
  const keys = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))
  const asked = search.get('metric') ?? ''
  return {
    baseline: Math.max(
      0,
      runs.findIndex(({ id }) => id === search.get('base')),
    ),
    only: search.get('all') === null,
    metric: keys.has(asked) ? asked : likeliest(keys),
    brushes,
    setBaseline: (runId) => set('base', runId),
    setOnly: (only) => set('all', only ? '' : '1'),
    setMetric: (metric) => set('metric', metric),
    setBrush: (axis, brush) => change((next) => writeBrush(next, axis, brush)),
    clearBrushes: () => change((next) => next.delete('brush')),
  }
}
