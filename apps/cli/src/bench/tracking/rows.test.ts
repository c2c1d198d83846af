import { expect, test } from 'vitest'
import { ROWS, rowsNamed } from './rows.ts'

test('rows are chosen by their names, in the order of the table', () => {
  expect(rowsNamed('artifacts, log-metric').map(({ id }) => id)).toEqual(['log-metric', 'artifacts'])
  expect(rowsNamed(undefined)).toBe(ROWS)
  expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length)
})

test('a name that is none is refused with those there are', () => {
  expect(() => rowsNamed('log-metric,logmetric')).toThrow(/no row "logmetric"; --only takes create-run,/)
})
