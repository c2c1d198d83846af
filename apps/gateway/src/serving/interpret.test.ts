import type { SnapshotEndpoint } from '@modelyard/contracts/gateway'
import { type Tensor, tensorOf } from '@modelyard/domain/tensor/tensor'
import { expect, it } from 'vitest'
import { readOutputs } from './interpret.ts'

type Variant = SnapshotEndpoint['variants'][number]
const variant = (classes: string[]) => ({ classes }) as Variant
const floats = (shape: number[], values: number[]): Tensor => tensorOf({ name: 'p', dtype: 'float32', shape }, values)
const labels = (values: number[]): Tensor => tensorOf({ name: 'label', dtype: 'int64', shape: [values.length] }, values)

it('takes the largest score as the label', () => {
  expect(readOutputs(variant(['a', 'b', 'c']), [floats([2, 3], [0, 0.5, 0.25, 1, 0, 0])], 2)).toEqual([
    { label: 'b', score: 0.5, probabilities: [0, 0.5, 0.25] },
    { label: 'a', score: 1, probabilities: [1, 0, 0] },
  ])
})

it('prefers a label the model gives itself, and names classes without a name by their number', () => {
  const [reading] = readOutputs(variant([]), [labels([2]), floats([1, 3], [0.5, 0.25, 0.125])], 1)
  expect(reading).toMatchObject({ label: '2', score: 0.125 })
})

it('reads one score as the second of two classes, or as a plain value', () => {
  const column = [floats([2, 1], [0.75, 0.25])]
  expect(readOutputs(variant(['no', 'yes']), column, 2).map(({ label }) => label)).toEqual(['yes', 'no'])
  expect(readOutputs(variant([]), [floats([2], [3.5, -1])], 2).map(({ label, score }) => [label, score])).toEqual([
    [null, 3.5],
    [null, -1],
  ])
})

it('has no label where there is no number', () => {
  expect(readOutputs(variant(['a', 'b']), [floats([1, 2], [Number.NaN, Number.NaN])], 1)).toEqual([
    { label: null, score: null, probabilities: [null, null] },
  ])
})
