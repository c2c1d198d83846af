import { numbersOf } from '@modelyard/domain/tensor/tensor'
import { describe, expect, it } from 'vitest'
import { readInstances } from './instances.ts'

const image = { name: 'x', dtype: 'float32', shape: ['N', 1, 2, 2] }

describe('rows of a model', () => {
  it('takes nested rows and flat ones', () => {
    const nested = readInstances(
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
      image,
      10,
    )
    const flat = readInstances([[1, 2, 3, 4]], image, 10)
    expect(nested.tensor).toEqual(flat.tensor)
    expect(nested.tensor.shape).toEqual([1, 1, 2, 2])
    expect(nested).toMatchObject({ width: 4, rows: 1 })
  })

  it('fixes free dimensions by the first row', () => {
    const text = { name: 't', dtype: 'int64', shape: ['N', 'words'] }
    expect(
      readInstances(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        text,
        10,
      ).tensor.shape,
    ).toEqual([2, 3])
    expect(() =>
      readInstances(
        [
          [1, 2, 3],
          [4, 5],
        ],
        text,
        10,
      ),
    ).toThrow('instances[1] must have 3 entries, not 2')
  })

  it('keeps whole numbers whole, within their type', () => {
    const spec = (dtype: string) => ({ name: 'i', dtype, shape: ['N', 1] })
    expect(numbersOf(readInstances([[2 ** 53 - 1]], spec('int64'), 10).tensor)).toEqual([2 ** 53 - 1])
    for (const [dtype, value] of [
      ['int64', 2 ** 53],
      ['int64', 0.5],
      ['uint8', 256],
      ['int8', -129],
      ['bool', 2],
      ['int32', null],
    ] as const) {
      expect(() => readInstances([[value]], spec(dtype), 10), `${dtype} ${value}`).toThrow('instances[0][0] must be a')
    }
    expect(numbersOf(readInstances([[true]], spec('bool'), 10).tensor)).toEqual([1])
  })

  it('takes plain numbers where a row is one number, and exactly the rows a fixed model wants', () => {
    expect(readInstances([1, 2], { name: 'x', dtype: 'float64', shape: ['N'] }, 10).tensor.shape).toEqual([2])
    expect(() => readInstances([[1]], { name: 'x', dtype: 'float32', shape: [2, 1] }, 10)).toThrow('exactly 2 rows')
  })

  it('says what stands there instead', () => {
    const cases: [unknown, string][] = [
      [[null], 'instances[0] must be a list of 1, not null'],
      [[[[[1, 2], 'x']]], 'instances[0][0][1] must be a list of 2, not text'],
      [
        [
          [
            [
              [1, 2],
              [3, {}],
            ],
          ],
        ],
        'instances[0][0][1][1] must be a number, not object',
      ],
      [[[1, 2, 'x', 4]], 'instances[0][2] must be a number, not text'],
      ['rows', 'instances must be a list'],
      [[], 'at least one row'],
    ]
    for (const [instances, message] of cases) expect(() => readInstances(instances, image, 10)).toThrow(message)
  })
})
