import { expect, test } from 'vitest'
import { z } from 'zod'
import { repeated } from '../fields.ts'
import { metricsToLog, metricToLog } from './metric-to-log.ts'

const byHand = z.object({ metrics: metricsToLog })
const byShape = z.object({ metrics: repeated(metricToLog) })
const plain = { key: 'a', value: 1, timestamp: 1 }

const numbers = [1, -1, 0, -0, 1.5, '1', '1.0', 'x', 'NaN', Number.NaN, Number.POSITIVE_INFINITY]
const values = [...numbers, null, undefined, '', true, {}, [], 2 ** 53, 2n ** 63n, 5n, -7, 1e300]
const words = [
  'a',
  'a/b',
  'a b',
  'a.b',
  'a:b',
  'a-',
  '-a',
  '_a',
  ' a',
  'a"b',
  'a\n',
  'ü',
  'ab'.repeat(125),
  'a'.repeat(251),
]
const keys = [...words, '', '.', '..', '../a', 'a/', '/a', 'a//b', 'a..b', 'a/..', 'a/.', '\ud800', '\0', 3]
const fields = ['key', 'value', 'timestamp', 'step', 'model_id', 'dataset_name', 'dataset_digest']

test('metrics read by hand are what the shape reads, and what it refuses is refused in the same words', () => {
  const lists = [undefined, null, 'x', 3, {}, [], [null], [3], ['x'], [[]]]
  const metrics = [
    ...keys.map((key) => ({ ...plain, key })),
    ...fields.flatMap((field) => values.map((value) => ({ ...plain, [field]: value }))),
  ]
  for (const said of [...lists, ...metrics.map((metric) => [plain, metric])]) {
    expect(read(byHand, said)).toEqual(read(byShape, said))
  }
})

test('they may be left out', () => {
  expect(byHand.parse({})).toEqual({ metrics: [] })
})

function read(shape: z.ZodType, metrics: unknown): unknown {
  try {
    const { data, error } = shape.safeParse({ metrics })
    return data ?? error?.issues
  } catch (refusal) {
    return String(refusal)
  }
}
