import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatId, hexOfId, ID_PREFIXES, type IdPrefix, idOfHex, isId, prefixOf, timeOfId } from './id.ts'

const prefixes = Object.keys(ID_PREFIXES) as IdPrefix[]
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })

describe('formatId', () => {
  it('writes a known value', () => {
    expect(formatId('run', 0, new Uint8Array(10))).toBe('run_00000000000000000000000000')
    expect(formatId('run', 2 ** 48 - 1, new Uint8Array(10).fill(255))).toBe('run_7zzzzzzzzzzzzzzzzzzzzzzzzz')
  })

  it('makes ids that are recognised, sort by time and give their time back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), times, times, bytes, bytes, (prefix, early, late, left, right) => {
        const [a, b] = [formatId(prefix, early, left), formatId(prefix, late, right)]
        expect(isId(prefix, a)).toBe(true)
        expect(prefixOf(a)).toBe(prefix)
        expect(timeOfId(a)).toBe(early)
        if (early !== late) expect(a < b).toBe(early < late)
      }),
    )
  })

  it('never collapses different random bytes', () => {
    fc.assert(
      fc.property(times, bytes, bytes, (time, left, right) => {
        expect(formatId('job', time, left) === formatId('job', time, right)).toBe(
          left.every((byte, i) => byte === right[i]),
        )
      }),
    )
  })

  it.each([
    [-1, 10],
    [0.5, 10],
    [2 ** 48, 10],
    [0, 9],
  ])('refuses time %d with %d bytes', (time, length) => {
    expect(() => formatId('job', time, new Uint8Array(length))).toThrow(/an id needs/)
  })
})

describe('isId', () => {
  it.each([
    'run_',
    'run_0000000000000000000000000',
    'run_800000000000000000000000000',
    'run_80000000000000000000000000',
    'run_0000000000000000000000000O',
    'run_0000000000000000000000000I',
    'job_00000000000000000000000000',
    '',
    null,
    7,
  ])('refuses %s as a run', (text) => {
    expect(isId('run', text)).toBe(false)
  })

  it('knows no prefix that is not in the list', () => {
    expect(prefixOf('xyz_00000000000000000000000000')).toBeNull()
    expect(prefixOf('constructor')).toBeNull()
    expect(() => timeOfId('nonsense')).toThrow(/no id/)
  })
})

describe('hexadecimal ids', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{32}$/)

  it('are the same 128 bits, both ways', () => {
    fc.assert(
      fc.property(hex, (text) => {
        const id = idOfHex('run', text)
        expect(isId('run', id)).toBe(true)
        expect(hexOfId(id ?? '')).toBe(text)
      }),
    )
    expect(idOfHex('lm', 'ffffffffffffffffffffffffffffffff')).toBe('lm_7zzzzzzzzzzzzzzzzzzzzzzzzz')
  })

  it.each(['', 'run_00000000000000000000000000', 'F'.repeat(32), '0'.repeat(31), `${'0'.repeat(32)} `])(
    'refuse %j',
    (text) => expect(idOfHex('run', text)).toBeNull(),
  )
})
