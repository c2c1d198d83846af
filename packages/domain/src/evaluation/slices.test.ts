import { seededRandom } from '@modelyard/stats'
import { describe, expect, it } from 'vitest'
import { findWeakSlices } from './slices.ts'

const rows = 400
const column = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row))
const night = column((row) => row % 4)
const age = column((row) => (row * 37) % 97)

describe('weak slices', () => {
  it('name the values and ranges where the model fails, and no others', () => {
    // Half wrong at night 3; elsewhere one of twenty.
    const correct = Uint8Array.from(night, (value, row) => Number(value === 3 ? row % 8 === 3 : row % 20 !== 0))
    const { looked, worst } = findWeakSlices({ names: ['night', 'age'], columns: [night, age], correct })
    expect(looked).toBe(8)
    expect(worst[0]).toMatchObject({ column: 'night', from: 3, to: 3, rows: 100, accuracy: 0.5, isWorse: true })
    expect(worst[0]?.interval[0]).toBeLessThan(0.5)
    expect(worst.filter(({ isWorse }) => isWorse)).toHaveLength(1)
    expect(worst.filter((slice) => slice.column === 'age').reduce((sum, slice) => sum + slice.rows, 0)).toBe(rows)
  })

  it('accuse nobody of chance: of many columns that say nothing none is worse', () => {
    const random = seededRandom(7)
    const names = Array.from({ length: 60 }, (_, place) => `c${place}`)
    const columns = names.map(() => column(random))
    const correct = Uint8Array.from({ length: rows }, () => Number(random() < 0.9))
    const { looked, worst } = findWeakSlices({ names, columns, correct })
    expect(looked).toBe(240)
    expect(worst).toHaveLength(10)
    expect(worst.some(({ isWorse }) => isWorse)).toBe(false)
  })

  it('are found in an even sample where there are very many rows', () => {
    const half = Float64Array.from({ length: 50_000 }, (_, row) => Number(row < 25_000))
    const correct = Uint8Array.from(half, (value, row) => (value === 1 ? Number(row % 7 > 2) : 1))
    const { looked, worst } = findWeakSlices({ names: ['half'], columns: [half], correct })
    expect(looked).toBe(2)
    expect(worst[0]).toMatchObject({ from: 1, to: 1, isWorse: true })
    expect(worst[0]?.rows).toBeLessThanOrEqual(20_000)
    expect(worst[0]?.accuracy).toBeCloseTo(4 / 7, 2)
  })

  it('have twenty rows or are not told', () => {
    const correct = Uint8Array.from({ length: 30 }, () => 1)
    const few = Float64Array.from({ length: 30 }, (_, row) => Number(row < 10))
    expect(findWeakSlices({ names: ['few'], columns: [few], correct })).toEqual({ looked: 0, worst: [] })
    expect(findWeakSlices({ names: [], columns: [], correct })).toEqual({ looked: 0, worst: [] })
  })
})
