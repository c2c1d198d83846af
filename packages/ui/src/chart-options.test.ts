import { describe, expect, it } from 'vitest'
import { type ChartSpec, formatValue, formatX, toData } from './chart-options.ts'

const spec: ChartSpec = { x: [1, 2], xKind: 'step', series: [], locale: 'en', timeZone: 'UTC' }

describe('what a chart is given', () => {
  it('keeps gaps, and puts the edges of a band behind its line', () => {
    const line = { key: 'a', label: 'a', color: 1 as const, values: [1, null] }
    const banded = { ...line, key: 'b', low: [0, 1], high: [2, 3] }
    expect(toData({ x: [1, 2], series: [line, banded] })).toEqual([
      [1, 2],
      [1, null],
      [1, null],
      [0, 1],
      [2, 3],
    ])
  })

  it('leaves out of a logarithmic axis what has no place there, and draws a smoothed line after its own', () => {
    const line = { key: 'a', label: 'a', color: 1 as const, values: [1, 0, -1], smoothed: [1, 0.5, 0.25] }
    expect(toData({ x: [1, 2, 3], series: [line], yScale: 'log' })).toEqual([
      [1, 2, 3],
      [1, null, null],
      [1, 0.5, 0.25],
    ])
  })

  it('writes values as the legend and the table show them', () => {
    expect(formatValue(null, spec)).toBe('–')
    expect(formatValue(Number.NaN, spec)).toBe('NaN')
    expect(formatValue(0.01234567, spec)).toBe('0.0123')
    expect(formatValue(0.00001, spec)).toBe('1.00e-5')
    expect(formatValue(1234.6, spec)).toBe('1,235')
    expect(formatValue(0.041, { ...spec, scale: 100, digits: 1 })).toBe('4.1')
  })

  it('writes the time since a beginning as a watch shows it', () => {
    const elapsed = (seconds: number) => formatX(seconds, { ...spec, xKind: 'elapsed' })
    expect([2.25, 59, 60, 3_723.4, -75].map(elapsed)).toEqual(['2.3 s', '59 s', '0:01:00', '1:02:03', '−0:01:15'])
  })

  it('says the day of an instant where the axis is longer than one', () => {
    expect(formatX(90_000, { ...spec, xKind: 'time', x: [0, 90_000] })).toBe('1/2, 01:00')
  })

  it('writes steps as numbers and instants by the reader’s clock', () => {
    expect(formatX(12_000, spec)).toBe('12,000')
    expect(formatX(0, { ...spec, xKind: 'time', timeZone: 'Asia/Shanghai' })).toBe('08:00:00')
  })
})
