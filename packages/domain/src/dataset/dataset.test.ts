import { describe, expect, it } from 'vitest'
import { diffSchemas } from './diff.ts'
import { findLeakage, singleFeatureSkill } from './leakage.ts'
import { type Column, type ColumnSchema, inferType, profileColumn, profileColumns } from './profile.ts'
import { judgeQuality, normalisedEntropy } from './quality.ts'
import type { Part } from './split.ts'

const column = (values: Column['values'], over: Partial<Column> = {}): Column => ({
  name: 'x',
  type: 'number',
  role: 'feature',
  values,
  ...over,
})

describe('profile', () => {
  it('describes numbers', () => {
    const profile = profileColumn(column([1, 2, null, 3, Number.NaN, 4]))
    expect(profile).toMatchObject({ rows: 6, missing: 2, distinct: 4, min: 1, max: 4, median: 2.5, mean: 2.5 })
    expect(profile.sd).toBeCloseTo(Math.sqrt(5 / 3), 12)
    expect(profile.histogram.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect(profile.top.map(({ value }) => value)).toEqual(['1', '2', '3', '4'])
  })

  it('describes a constant, an empty and a text column', () => {
    expect(profileColumn(column([7, 7]))).toMatchObject({ distinct: 1, sd: 0, histogram: [2] })
    expect(profileColumn(column([null, ''], { type: 'empty' }))).toMatchObject({ missing: 2, min: null, histogram: [] })
    const text = profileColumn(column(['b', 'a', 'b'], { type: 'text' }))
    expect(text).toMatchObject({
      mean: null,
      top: [
        { value: 'b', count: 2 },
        { value: 'a', count: 1 },
      ],
    })
  })

  it.each([
    [['1', '-2', ''], 'integer'],
    [['1', '2.5e-3'], 'number'],
    [['true', 'FALSE'], 'boolean'],
    [['1', 'x'], 'text'],
    [['', ''], 'empty'],
    [['0x10'], 'text'],
  ])('infers the type of %o as %s', (texts, type) => {
    expect(inferType(texts)).toBe(type)
  })
})

describe('judgeQuality', () => {
  const rows = 100
  const hashes = Array.from({ length: rows }, (_, index) => `row ${index}`)
  const values = Array.from({ length: rows }, (_, index) => index)
  const labels = column(
    values.map((value) => String(value % 4)),
    { name: 'y', type: 'integer', role: 'label' },
  )
  const gateOf = (columns: Column[], rowHashes = hashes) => {
    const verdict = judgeQuality(profileColumns(columns, rowHashes))
    return { pass: verdict.pass, failed: verdict.gates.filter(({ pass }) => !pass).map(({ gate }) => gate) }
  }

  it('passes clean data', () => {
    expect(gateOf([column(values), labels])).toEqual({ pass: true, failed: [] })
  })

  it.each<[string, Column[], string[] | undefined]>([
    ['missing', [column(values.map((value) => (value < 5 ? null : value))), labels], undefined],
    [
      'class_entropy',
      [
        column(values),
        column(
          values.map((value) => (value < 85 ? 'a' : 'b')),
          { name: 'y', type: 'text', role: 'label' },
        ),
      ],
      undefined,
    ],
    ['duplicates', [column(values), labels], hashes.map((hash, index) => (index < 3 ? 'same' : hash))],
    [
      'class_minimum',
      [
        column(values),
        column(
          values.map((value) => String(Math.floor(value / 9))),
          { name: 'y', type: 'integer', role: 'label' },
        ),
      ],
      undefined,
    ],
    ['constant_columns', [column(values.map(() => 1)), labels], undefined],
  ])('fails the gate %s alone', (gate, columns, rowHashes) => {
    expect(gateOf(columns, rowHashes)).toEqual({ pass: false, failed: [gate] })
  })

  it('names the column, and allows just under five percent', () => {
    const verdict = judgeQuality(
      profileColumns(
        [
          column(
            values.map((value) => (value < 4 ? null : value)),
            { name: 'age' },
          ),
          labels,
        ],
        hashes,
      ),
    )
    expect(verdict.gates.find(({ gate }) => gate === 'missing')).toMatchObject({ pass: true, observed: 0.04 })
    const worse = judgeQuality(
      profileColumns(
        [
          column(
            values.map(() => null),
            { name: 'age' },
          ),
          labels,
        ],
        hashes,
      ),
    )
    expect(worse.gates.find(({ gate }) => gate === 'missing')?.detail).toContain('age')
  })

  it('fails an empty table rather than passing it', () => {
    expect(judgeQuality(profileColumns([], [])).pass).toBe(false)
  })

  it('knows entropy', () => {
    expect(normalisedEntropy([5, 5, 5])).toBeCloseTo(1, 12)
    expect(normalisedEntropy([9])).toBe(0)
    expect(normalisedEntropy([9, 0])).toBe(0)
  })
})

describe('findLeakage', () => {
  const rows = 400
  const parts = Array.from({ length: rows }, (_, row): Part => (row % 4 === 3 ? 'test' : 'train'))
  const labels = Array.from({ length: rows }, (_, row) => String(Math.floor(row / 7) % 5))
  const hashes = Array.from({ length: rows }, (_, row) => `hash ${row}`)
  const failed = (input: Parameters<typeof findLeakage>[0]): string[] =>
    findLeakage(input)
      .gates.filter(({ pass }) => !pass)
      .map(({ gate }) => gate)

  it('finds nothing in clean data, and runs only what it can', () => {
    expect(findLeakage({ rowHashes: hashes, parts })).toMatchObject({ pass: true, gates: [{ gate: 'same_row' }] })
    const noise = column(
      hashes.map((_, row) => (row * 7919) % 101),
      { name: 'noise' },
    )
    expect(failed({ rowHashes: hashes, parts, labels, features: [noise], groups: parts })).toEqual([])
  })

  it('finds the same row and the same group on both sides', () => {
    const twice = hashes.map((hash, row) => (row === 3 ? 'hash 0' : hash))
    expect(failed({ rowHashes: twice, parts })).toEqual(['same_row'])
    expect(findLeakage({ rowHashes: twice, parts }).gates[0]).toMatchObject({ observed: 1, rows: [3] })
    expect(failed({ rowHashes: hashes, parts, groups: hashes.map((_, row) => `writer ${row % 3}`) })).toEqual([
      'group_overlap',
    ])
  })

  it('finds a feature that gives the label away, but not one that only helps or an id', () => {
    const leak = column(
      labels.map((label) => Number(label) * 10 + 0.5),
      { name: 'leak' },
    )
    const helps = column(
      labels.map((label, row) => (row % 3 === 0 ? Number(label) : row % 5)),
      { name: 'helps' },
    )
    const id = column(hashes, { name: 'id', type: 'text' })
    expect(singleFeatureSkill(leak, { labels, parts })).toBe(1)
    expect(singleFeatureSkill(helps, { labels, parts })).toBeGreaterThan(0.2)
    expect(singleFeatureSkill(id, { labels, parts })).toBe(0)
    const { gates } = findLeakage({ rowHashes: hashes, parts, labels, features: [leak, helps, id] })
    expect(gates.find(({ gate }) => gate === 'label_in_feature')).toMatchObject({ pass: false, observed: 1 })
    expect(gates.find(({ gate }) => gate === 'label_in_feature')?.detail).toContain('leak (1.00)')
  })
})

describe('diffSchemas', () => {
  const schema = (...names: string[]): ColumnSchema[] =>
    names.map((name) => ({ name, type: 'number', role: 'feature' }))
  it.each<[string, ColumnSchema[], ColumnSchema[], string[], boolean]>([
    ['nothing', schema('a', 'b'), schema('a', 'b'), [], true],
    ['an added feature', schema('a'), schema('a', 'b'), ['added'], false],
    ['a removed feature', schema('a', 'b'), schema('a'), ['removed'], false],
    ['another order', schema('a', 'b'), schema('b', 'a'), ['moved', 'moved'], false],
    ['an added note', schema('a'), [...schema('a'), { name: 'n', type: 'text', role: 'ignored' }], ['added'], true],
    ['another type', schema('a'), [{ name: 'a', type: 'text', role: 'feature' }], ['type'], false],
    ['another role', schema('a'), [{ name: 'a', type: 'number', role: 'label' }], ['role'], false],
  ])('sees %s', (_, before, after, changes, compatible) => {
    const diff = diffSchemas(before, after)
    expect(diff.changes.map(({ change }) => change)).toEqual(changes)
    expect(diff).toMatchObject({ same: changes.length === 0, compatible })
  })
})
