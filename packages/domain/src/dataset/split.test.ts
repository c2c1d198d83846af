import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededPrng, shuffle } from './prng.ts'
import { type Part, SPLIT_PRESETS, splitRows } from './split.ts'

describe('prng', () => {
  it('is fixed for ever by its seed', () => {
    const prng = seededPrng(42)
    expect([prng.nextUint32(), prng.nextUint32(), prng.nextUint32()]).toMatchInlineSnapshot(`
      [
        1959603763,
        2423114712,
        2466933512,
      ]
    `)
    expect(shuffle([0, 1, 2, 3, 4, 5, 6, 7], seededPrng(7))).toMatchInlineSnapshot(`
      [
        7,
        4,
        2,
        3,
        5,
        0,
        6,
        1,
      ]
    `)
  })

  it('is uniform enough', () => {
    const prng = seededPrng(3)
    const counts = new Array<number>(10).fill(0)
    for (let index = 0; index < 50_000; index++) {
      const draw = prng.below(10)
      counts[draw] = (counts[draw] ?? 0) + 1
    }
    expect(counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)).toBeLessThan(27.9)
  })
})

describe('splitRows', () => {
  const fractions = SPLIT_PRESETS['70/15/15']
  const labels = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 200 })
  const seeds = fc.nat()

  it('keeps the class shares in every part, to a row', () => {
    fc.assert(
      fc.property(labels, seeds, (rows, seed) => {
        const { parts, summary } = splitRows({ labels: rows, seed, fractions, kind: 'stratified' })
        expect(parts).toHaveLength(rows.length)
        for (const label of new Set(rows)) {
          const total = rows.filter((row) => row === label).length
          for (const part of ['train', 'validation', 'test'] as const) {
            expect(Math.abs((summary[part].classCounts[label] ?? 0) - total * fractions[part])).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })

  it('is the same for the same seed and another for another', () => {
    const rows = Array.from({ length: 100 }, (_, index) => String(index % 5))
    const split = (seed: number): Part[] => splitRows({ labels: rows, seed, fractions, kind: 'stratified' }).parts
    expect(split(1)).toEqual(split(1))
    expect(split(1)).not.toEqual(split(2))
  })

  it('keeps groups together and near the fractions', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 60, maxLength: 200 }), seeds, (list, seed) => {
        const groups = list.map(String)
        const { parts, summary } = splitRows({ labels: groups.map(() => 'a'), groups, seed, fractions, kind: 'group' })
        for (const group of new Set(groups)) {
          expect(new Set(parts.filter((_, row) => groups[row] === group)).size).toBe(1)
        }
        const largest = Math.max(
          ...[...new Set(groups)].map((group) => groups.filter((other) => other === group).length),
        )
        expect(Math.abs(summary.train.rows - groups.length * fractions.train)).toBeLessThanOrEqual(2 * largest)
      }),
    )
  })

  it('cuts in order without touching the order', () => {
    const { parts } = splitRows({
      labels: 'abcdefghij'.split(''),
      seed: 0,
      fractions: SPLIT_PRESETS['80/10/10'],
      kind: 'ordered',
    })
    expect(parts).toEqual([...new Array<Part>(8).fill('train'), 'validation', 'test'])
  })

  it.each([
    [{ fractions: { train: 0.7, validation: 0.1, test: 0.1 } }, 'fractions'],
    [{ fractions: { train: Number.NaN, validation: 0.5, test: 0.5 } }, 'fractions'],
    [{ seed: 1.5 }, 'seed'],
    [{ labels: [] }, 'labels'],
    [{ kind: 'group' as const }, 'groups'],
  ])('refuses %o', (over, field) => {
    const request = { labels: ['a', 'b'], seed: 1, fractions, kind: 'stratified' as const, ...over }
    expect(() => splitRows(request)).toThrow(expect.objectContaining({ code: 'invalid', field }))
  })
})
