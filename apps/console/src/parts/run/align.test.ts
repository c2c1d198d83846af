import { describe, expect, it } from 'vitest'
import { align, stepsWithin } from './align.ts'

const curve = (steps: number[], last: (number | null)[], points = steps.length) => {
  const min = last.map((value) => (value === null ? null : value - 1))
  return {
    runId: 'run',
    key: 'loss',
    points,
    nonFinite: 0,
    steps,
    min,
    max: last,
    last,
    atMs: steps.map((step) => 1_000 * step),
  }
}
const line = (key: string, of: ReturnType<typeof curve>) => ({
  key,
  label: key,
  look: { color: 1 as const },
  curve: of,
  beganAtMs: null,
})
const plain = { x: 'step', log: false, smooth: 0 } as const

describe('curves of different steps in one plot', () => {
  it('keep a value that is not finite as a gap, and a step of the others as none of theirs', () => {
    const { x, series } = align([line('a', curve([0, 2], [1, null])), line('b', curve([1, 2], [5, 6]))], plain)
    expect(x).toEqual([0, 1, 2])
    expect(series.map(({ values }) => values)).toEqual([
      [1, undefined, null],
      [undefined, 5, 6],
    ])
  })

  it('have a band where a bucket holds several points', () => {
    const [single, banded] = align([line('a', curve([0], [1])), line('b', curve([0], [2], 64))], plain).series
    expect(single).not.toHaveProperty('low')
    expect(banded).toMatchObject({ low: [1], high: [2] })
  })
})

describe('curves along time', () => {
  const timed = (last: number[], atMs: number[]) => ({ ...curve([...last.keys()], last), atMs })

  it('stand at the seconds since their runs began, or since the first point where a clock is behind', () => {
    const begun = (key: string, beganAtMs: number) => ({ ...line(key, timed([1, 2], [5_000, 7_000])), beganAtMs })
    const { x, series } = align([begun('a', 4_000), begun('b', 9_000)], { ...plain, x: 'elapsed' })
    expect(x).toEqual([0, 1, 2, 3])
    expect(series.map(({ values }) => values)).toEqual([
      [undefined, 1, undefined, 2],
      [1, undefined, 2, undefined],
    ])
  })

  it('keep every extreme of points of one millisecond', () => {
    const { x, series } = align([line('a', timed([5, 9, 1, 4], [1_000, 1_000, 1_000, 2_000]))], { ...plain, x: 'time' })
    expect(x).toEqual([1, 2])
    // The lowest of three is one below the lowest value, as `curve` makes it.
    expect(series[0]).toMatchObject({ values: [1, 4], low: [0, 3], high: [9, 4] })
  })

  it('are cut to a frame, which knows its steps', () => {
    const lines = [line('a', timed([1, 2, 3, 4], [1_000, 2_000, 3_000, 4_000]))]
    const frame = { from: 1.5, to: 3.5 }
    expect(align(lines, { ...plain, x: 'time' }, frame).x).toEqual([2, 3])
    expect(stepsWithin(lines, 'time', frame)).toEqual({ from: 1, to: 2 })
    expect(stepsWithin(lines, 'time', { from: 8, to: 9 })).toBeNull()
  })
})

describe('smoothed curves', () => {
  it('keep what was logged beside them', () => {
    const [series] = align([line('a', curve([0, 1], [0, 1]))], { ...plain, smooth: 0.5 }).series
    expect(series).toMatchObject({ values: [0, 1], smoothed: [0, expect.closeTo(2 / 3, 12)] })
  })
})
