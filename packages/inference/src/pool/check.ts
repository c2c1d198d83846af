/** Does an input fit a model? The answer names the field and the shape that was expected. */

import type { ModelSignature } from '@modelyard/contracts/model'
import { refuse } from '@modelyard/domain/refusal'
import { isDtype } from '@modelyard/domain/tensor/datatype'
import { bytesPerElement, elementsOf, type Tensor } from '@modelyard/domain/tensor/tensor'

const MAX_ELEMENTS = 2 ** 28

type Spec = ModelSignature['inputs'][number]

/** `[N, 64]` as people read it. */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`
}

function checkInput(spec: Spec, input: Tensor): void {
  const field = `inputs.${spec.name}`
  if (input.dtype !== spec.dtype) {
    refuse('invalid', `Input "${spec.name}" must be ${spec.dtype}, not ${input.dtype}.`, { field })
  }
  const fits =
    input.shape.length === spec.shape.length &&
    spec.shape.every((dim, axis) =>
      typeof dim === 'string' ? (input.shape[axis] ?? -1) >= 0 : dim === input.shape[axis],
    )
  if (!fits) {
    const expected = shapeText(spec.shape)
    refuse('invalid', `Input "${spec.name}" must have shape ${expected}, not ${shapeText(input.shape)}.`, {
      field,
      details: { expectedShape: spec.shape, shape: input.shape },
    })
  }
  const elements = elementsOf(input.shape)
  if (!Number.isSafeInteger(elements) || elements > MAX_ELEMENTS) {
    refuse('too_large', `Input "${spec.name}" has more than ${MAX_ELEMENTS} elements.`, { field })
  }
  if (!isDtype(input.dtype) || input.data.length !== elements * bytesPerElement(input.dtype)) {
    refuse('invalid', `Input "${spec.name}" has ${input.data.length} bytes, which do not fill its shape.`, { field })
  }
}

/**
 * Gives the inputs in the model's own order, one per input of the signature.
 * @throws Refusal `invalid` for a missing, unknown, mistyped or misshapen input; `too_large` beyond 2^28 elements
 */
export function checkInputs(signature: Pick<ModelSignature, 'inputs'>, inputs: readonly Tensor[]): Tensor[] {
  for (const { name } of inputs) {
    if (!signature.inputs.some((spec) => spec.name === name)) {
      const known = signature.inputs.map((spec) => spec.name).join(', ')
      refuse('invalid', `The model has no input of this name; it has: ${known}.`, { field: 'inputs' })
    }
  }
  return signature.inputs.map((spec) => {
    const [input, ...more] = inputs.filter(({ name }) => name === spec.name)
    if (!input || more.length > 0) {
      const field = `inputs.${spec.name}`
      return refuse('invalid', `Input "${spec.name}" must be given once, with shape ${shapeText(spec.shape)}.`, {
        field,
      })
    }
    checkInput(spec, input)
    return input
  })
}
