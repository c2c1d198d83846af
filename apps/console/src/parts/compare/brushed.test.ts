import type { ComparedRun } from '@modelyard/contracts'
import { describe, expect, it } from 'vitest'
import { readBrushes, runsWithin, writeBrush } from './brushed.ts'

const run = (id: string, params: Record<string, string>, metrics: Record<string, number | 'NaN'>) =>
  ({ id, params, metrics }) as unknown as ComparedRun
const runs = [
  run('a', { lr: '0.1', opt: 'sgd' }, { f1: 0 }),
  run('b', { lr: '0.2', opt: 'adam' }, { f1: 0.5 }),
  run('c', { lr: '0.3', opt: 'lion' }, { f1: 1 }),
  run('d', { opt: 'sgd' }, { f1: 'NaN' }),
]
const within = (...brushes: [string, number, number][]) => [
  ...runsWithin(runs, new Map(brushes.map(([axis, from, to]) => [axis, { from, to }])), 'en'),
]

describe('runs within stretches of axes', () => {
  it('are those that lie in all of them', () => {
    expect(within()).toEqual(['a', 'b', 'c', 'd'])
    expect(within(['metrics.f1', 0.4, 1])).toEqual(['b', 'c'])
    expect(within(['metrics.f1', 0.4, 1], ['params.lr', 0, 0.6])).toEqual(['b'])
    expect(within(['params.opt', 0, 0.2])).toEqual(['a', 'd'])
  })

  it('are none that logged nothing there, or nothing finite', () => {
    expect(within(['params.lr', 0, 1])).toEqual(['a', 'b', 'c'])
    expect(within(['metrics.f1', 0, 1])).toEqual(['a', 'b', 'c'])
    expect(within(['metrics.gone', 0, 1])).toEqual([])
  })
})

describe('stretches in an address', () => {
  it('come back as they were, one an axis, whatever their keys hold', () => {
    const search = new URLSearchParams('runs=a,b')
    writeBrush(search, 'params.a~0.5~b&c', { from: 0.12345, to: 1 })
    writeBrush(search, 'metrics.f1', { from: 0, to: 0.5 })
    writeBrush(search, 'metrics.f1', { from: 0, to: 0.25 })
    expect([...readBrushes(search)]).toEqual([
      ['params.a~0.5~b&c', { from: 0.123, to: 1 }],
      ['metrics.f1', { from: 0, to: 0.25 }],
    ])
    writeBrush(search, 'params.a~0.5~b&c', null)
    writeBrush(search, 'metrics.f1', null)
    expect(search.toString()).toBe('runs=a%2Cb')
  })

  it.each(['x~0~1', 'params.a~0~2', 'params.a~-1~1', 'params.a', 'params.a~a~b'])('that are none: %s', (text) =>
    expect(readBrushes(new URLSearchParams([['brush', text]])).size).toBe(0),
  )
})
