import { describe, expect, it } from 'vitest'
import { axisOf, ticksApart } from './chart-scale.ts'

describe('an axis', () => {
  it('goes by size where all values are numbers, be they written as text', () => {
    const axis = axisOf(['0.1', 0.3, '2e-1', null, 'NaN'], 'en')
    expect(axis.kind).toBe('number')
    expect([axis.place('0.1'), axis.place(0.3), axis.place('NaN'), axis.place(null)]).toEqual([0, 1, null, null])
    expect(axis.ticks.map(({ label }) => label)).toEqual(['0.1', '0.15', '0.2', '0.25', '0.3'])
  })

  it('goes by powers of ten where its values do, as learning rates', () => {
    const axis = axisOf(['0.1', '0.001', '1e-5', '0', null], 'en')
    expect(axis.kind).toBe('number')
    const rates = axisOf(['0.1', '0.001', '1e-5'], 'en')
    expect(rates.kind).toBe('log')
    expect(rates.place('0.001')).toBeCloseTo(0.5, 12)
    expect(rates.ticks.map(({ label }) => label)).toEqual(['1e-5', '1e-4', '0.001', '0.01', '0.1'])
    expect(rates.labelAt(0.5)).toBe('0.001')
  })

  it('has no two ticks of one name, however near its values are', () => {
    const { ticks } = axisOf([0.9991, 0.9999], 'en')
    expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
    expect(axisOf([2.34567, 2.34567], 'en').ticks).toEqual([{ at: 0.5, label: '2.346' }])
  })

  it('takes words in the order they come', () => {
    const axis = axisOf(['sgd', 'adam', 'sgd', ''], 'en')
    expect(axis.kind).toBe('text')
    expect(axis.ticks).toEqual([
      { at: 0, label: 'sgd' },
      { at: 0.5, label: 'adam' },
      { at: 1, label: '' },
    ])
  })

  it('puts what is all the same in the middle, and nothing nowhere', () => {
    expect(axisOf([2, 2], 'en').place(2)).toBe(0.5)
    expect(axisOf([], 'en').ticks).toEqual([])
  })
})

describe('labels of an axis', () => {
  it('keep their distance, and both ends where there is room for two', () => {
    const ticks = axisOf([...'abcdefghijk'], 'en').ticks
    expect(ticksApart(ticks, 0.25).map(({ label }) => label)).toEqual(['a', 'd', 'g', 'k'])
    expect(ticksApart(ticks, 0.05)).toEqual(ticks)
    expect(ticksApart(ticks.slice(0, 2), 0.25).map(({ label }) => label)).toEqual(['a'])
    expect(ticksApart([], 0.25)).toEqual([])
  })

  it('are told for any place between them', () => {
    expect(axisOf([0, 10], 'en').labelAt(0.25)).toBe('2.5')
    expect(axisOf(['sgd', 'adam', 'lion'], 'en').labelAt(0.6)).toBe('adam')
  })
})
