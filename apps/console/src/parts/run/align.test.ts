import { describe, expect, it } from 'vitest'
import { align } from './align.ts'

const curve = (steps: number[], last: (number | null)[], points = steps.length) => {
  const min = last.map((value) => (value === null ? null : value - 1))
  return { runId: 'run', key: 'loss', points, nonFinite: 0, steps, min, max: last, last }
}
const line = (key: string, of: ReturnType<typeof curve>) => ({
  key,
  label: key,
  look: { color: 1 as const },
  curve: of,
})

describe('curves of different steps in one plot', () => {
  it('keep a value that is not finite as a gap, and a step of the others as none of theirs', () => {
    const { x, series } = align([line('a', curve([0, 2], [1, null])), line('b', curve([1, 2], [5, 6]))])
    expect(x).toEqual([0, 1, 2])
    expect(series.map(({ values }) => values)).toEqual([
      [1, undefined, null],
      [undefined, 5, 6],
    ])
  })

  it('have a band where a bucket holds several points', () => {
    const [plain, banded] = align([line('a', curve([0], [1])), line('b', curve([0], [2], 64))]).series
    expect(plain).not.toHaveProperty('low')
    expect(banded).toMatchObject({ low: [1], high: [2] })
  })
})
