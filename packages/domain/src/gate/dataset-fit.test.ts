import { expect, test } from 'vitest'
import { judgeDatasetFit } from './dataset-fit.ts'

const taking = (...shapes: (number | string | null)[][]) => ({
  inputs: shapes.map((shape, index) => ({ name: `x${index}`, dtype: 'float32', shape })),
  outputs: [],
})

test.each([
  [taking(['N', 64]), 64, true],
  [taking(['N', 64]), 63, false],
  [taking(['N', 'features']), 7, true],
  [taking(['N', 3, 8, 8]), 64, true],
  [taking(['N', 2], ['N', 3]), 5, true],
  [taking(), 5, true],
])('%j with %i features: %s', (signature, features, pass) => {
  expect(judgeDatasetFit(signature, features)).toMatchObject({ pass, threshold: features })
})
