import { expect, test } from 'vitest'
import { readCells, sortClasses } from './cells.ts'

test.each([
  [['1', '2', '-3'], 'integer', [1, 2, -3]],
  [['1', '2.5', ''], 'number', [1, 2.5, null]],
  [['1e3', '.5', '5.'], 'number', [1000, 0.5, 5]],
  [['1', 'two', 'NA'], 'text', ['1', 'two', null]],
  [['true', 'False', ''], 'boolean', [true, false, null]],
  [['', 'NaN', 'null'], 'empty', [null, null, null]],
  [['1e400', '2'], 'number', [null, 2]],
  [['Infinity'], 'text', ['Infinity']],
  [['0x10'], 'text', ['0x10']],
  [['1,000'], 'text', ['1,000']],
  [[], 'empty', []],
] as const)('%j is %s', (cells, type, values) => {
  expect(readCells(cells)).toEqual({ type, values })
})

test('classes sort as numbers when all are, else as text', () => {
  expect(sortClasses(['10', '2', '1'])).toEqual(['1', '2', '10'])
  expect(sortClasses(['10', '2', 'b'])).toEqual(['10', '2', 'b'])
})
