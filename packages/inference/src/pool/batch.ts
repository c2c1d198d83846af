/** Joining the rows of several requests into one run, and handing each its own rows of the result. */
import type { ModelSignature } from '@modelyard/contracts/model'
import { elementsOf, type Tensor } from '@modelyard/domain/tensor/tensor'

/** Rows may be joined when every input and output begins with a free dimension. */
export function isBatchable(signature: Pick<ModelSignature, 'inputs' | 'outputs'>): boolean {
  return [...signature.inputs, ...signature.outputs].every(({ shape }) => typeof shape[0] === 'string')
}

/** Requests with equal keys differ in their number of rows only. */
export function batchKey(inputs: readonly Tensor[]): string {
  return inputs.map(({ name, shape }) => `${name}:${shape.slice(1).join('x')}`).join(';')
}

/** Joins requests of one key along the first dimension, in order. */
export function joinRows(requests: readonly (readonly Tensor[])[]): Tensor[] {
  const [first] = requests
  if (!first || requests.length === 1) return [...(first ?? [])]
  return first.map((head, index) => {
    const parts = requests.map((inputs) => inputs[index]).filter((part) => part !== undefined)
    const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0)
    const data = Buffer.concat(parts.map((part) => part.data))
    return { ...head, shape: [rows, ...head.shape.slice(1)], data }
  })
}

/**
 * Cuts a result into the rows of each request, without copying.
 * @throws RangeError when an output does not have one row per input row, so that nobody gets another's answer
 */
export function splitRows(outputs: readonly Tensor[], rowCounts: readonly number[]): Tensor[][] {
  if (rowCounts.length === 1) return [[...outputs]]
  const total = rowCounts.reduce((sum, rows) => sum + rows, 0)
  for (const { name, shape } of outputs) {
    if (shape[0] !== total) throw new RangeError(`output ${name} has ${shape[0] ?? 'no'} rows for ${total} input rows`)
  }
  let start = 0
  return rowCounts.map((rows) => {
    const from = start
    start += rows
    return outputs.map((output) => rowsOf(output, from, rows))
  })
}

function rowsOf(tensor: Tensor, from: number, rows: number): Tensor {
  const rowBytes = tensor.shape[0] ? tensor.data.length / tensor.shape[0] : 0
  const shape = [rows, ...tensor.shape.slice(1)]
  const data = tensor.data.subarray(from * rowBytes, (from + rows) * rowBytes)
  return elementsOf(shape) === 0 ? { ...tensor, shape, data: new Uint8Array(0) } : { ...tensor, shape, data }
}
