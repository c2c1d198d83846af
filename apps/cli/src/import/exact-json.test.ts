import { expect, test } from 'vitest'
import { doubleOf, type Numeric, parseExact, textOf } from './exact-json.ts'

test('64-bit numbers come out as they went in', () => {
  const text = '{"step":9007199254740993,"value":1.7976931348623157e+308,"low":-9223372036854775808,"one":1}'
  const parsed = parseExact(text) as Record<string, Numeric>
  expect(JSON.stringify(parsed)).toBe(text)
  expect(textOf(parsed.step ?? 0)).toBe('9007199254740993')
  expect(doubleOf(parsed.value ?? 0)).toBe(Number.MAX_VALUE)
  expect(textOf(parsed.one ?? 0)).toBe('1')
  expect(doubleOf('NaN')).toBeNaN()
})
