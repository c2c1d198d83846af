import { expect, it } from 'vitest'
import { makeFormat } from '../../format/format.ts'
import { deltaText, isBetter, valueText } from './delta.ts'

const format = makeFormat('en', 'UTC')

it.each([
  ['ratio', 0.004, '+0.4 pp'],
  ['ratio', -0.1, '−10 pp'],
  ['ms', 1.25, '+1.25 ms'],
  ['bytes', -2_000, '−2kB'],
  ['none', 0.01, '+0.01'],
  ['none', 0, '±0'],
  ['ms', -0.001, '±0'],
] as const)('a distance in %s of %d is %s', (unit, delta, text) => expect(deltaText(format, unit, delta)).toBe(text))

it.each([
  ['ratio', 0.9512, '95.12%'],
  ['ms', null, '–'],
] as const)('a value in %s of %d is %s', (unit, value, text) => expect(valueText(format, unit, value)).toBe(text))

it('less is better of what should be low, and of nothing whose goal is unknown', () => {
  expect(isBetter({ better: 'lower' }, -1)).toBe(true)
  expect(isBetter({ better: 'higher' }, -1)).toBe(false)
  expect(isBetter({ better: 'higher' }, 0)).toBeNull()
  expect(isBetter({ better: null }, 1)).toBeNull()
})
