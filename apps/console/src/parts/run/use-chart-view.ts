'use client'
import { useCallback, useMemo } from 'react'
import { useAddress } from '../use-address.ts'
import { type ChartView, readChartView, writeChartView } from './chart-view.ts'

/** How the page's curves are drawn, in the address. */
export function useChartView(): { view: ChartView; setView: (change: Partial<ChartView>) => void } {
  const { search, change } = useAddress()
  const view = useMemo(() => readChartView(search), [search])
  const setView = useCallback(
    (part: Partial<ChartView>) => change((now) => writeChartView(now, { ...readChartView(now), ...part })),
    [change],
  )
  return { view, setView }
}
