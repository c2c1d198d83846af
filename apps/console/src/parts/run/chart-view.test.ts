import { describe, expect, it } from 'vitest'
import { readChartView, smoothed, writeChartView } from './chart-view.ts'

describe('how curves are drawn', () => {
  it('stands in the address, and goes without saying where it is as ever', () => {
    const search = new URLSearchParams('file=a.txt')
    writeChartView(search, { x: 'elapsed', log: true, smooth: 0.6 })
    expect(search.toString()).toBe('file=a.txt&x=elapsed&y=log&smooth=0.6')
    expect(readChartView(search)).toEqual({ x: 'elapsed', log: true, smooth: 0.6 })
    writeChartView(search, { x: 'step', log: false, smooth: 0 })
    expect(search.toString()).toBe('file=a.txt')
  })

  it.each(['x=y&y=x&smooth=a', 'smooth=1', 'smooth=-0.5', 'smooth=NaN', 'smooth=1e9'])('is as ever for %s', (text) => {
    expect(readChartView(new URLSearchParams(text))).toEqual({ x: 'step', log: false, smooth: 0 })
  })
})

describe('a smoothed line', () => {
  it('begins at its first value and follows what it smooths', () => {
    expect(smoothed([4, 4, 4], 0.9)).toEqual([4, 4, 4].map((value) => expect.closeTo(value, 12)))
    // 0.5 of 2 and 0.25 of 1 over 0.75.
    expect(smoothed([1, 2], 0.5)[1]).toBeCloseTo((0.5 * 2 + 0.25 * 1) / 0.75, 12)
  })

  it('keeps gaps, and what is no point of its own', () => {
    const values = [1, null, undefined, 3] as (number | null)[]
    expect(smoothed(values, 0.5)).toEqual([1, null, undefined, expect.closeTo((0.5 * 3 + 0.25) / 0.75, 12)])
  })
})
