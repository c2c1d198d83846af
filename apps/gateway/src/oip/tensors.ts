/** Tensors of the Open Inference Protocol v2, as JSON and as raw bytes, to and from the model's. */
import type { SnapshotEndpoint } from '@modelyard/contracts/gateway'
import { refuse } from '@modelyard/domain/refusal'
import { DATATYPES, type Dtype, datatypeOfDtype, isDatatype } from '@modelyard/domain/tensor/datatype'
import { bytesPerElement, elementsOf, numbersOf, type Tensor, tensorOf } from '@modelyard/domain/tensor/tensor'
import { type Input, inputOf } from '../serving/predict.ts'

type Spec = SnapshotEndpoint['variants'][number]['input']

const MAX_ELEMENTS = 2 ** 26
const MAX_RANK = 8

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function shapeOf(value: unknown, field: string): number[] {
  const valid =
    Array.isArray(value) && value.length <= MAX_RANK && value.every((dim) => Number.isSafeInteger(dim) && dim >= 0)
  if (!valid) return refuse('invalid', `${field} must be a list of at most ${MAX_RANK} whole numbers.`, { field })
  const shape = value as number[]
  if (elementsOf(shape) > MAX_ELEMENTS)
    refuse('too_large', `${field} has more than ${MAX_ELEMENTS} elements.`, { field })
  return shape
}

function flatten(value: unknown, out: number[], place: { field: string; depth: number; max: number }): void {
  const { field, depth, max } = place
  if (Array.isArray(value)) {
    if (depth > MAX_RANK) refuse('invalid', `${field} is nested too deeply.`, { field })
    for (const item of value) flatten(item, out, { ...place, depth: depth + 1 })
    return
  }
  const number = typeof value === 'boolean' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number))
    refuse('invalid', `${field} must hold numbers only.`, { field })
  if (out.push(number as number) > max) refuse('invalid', `${field} holds more numbers than the shape says.`, { field })
}

function fromJson(data: unknown, spec: { name: string; dtype: Dtype; shape: number[] }): Tensor {
  const field = `inputs.${spec.name}.data`
  const count = elementsOf(spec.shape)
  if (!Array.isArray(data)) refuse('invalid', `${field} must be a list.`, { field })
  const numbers: number[] = []
  flatten(data, numbers, { field, depth: 0, max: count })
  if (numbers.length !== count) {
    refuse(
      'invalid',
      `${field} must hold ${count} numbers for shape [${spec.shape.join(', ')}], not ${numbers.length}.`,
      { field },
    )
  }
  if (!spec.dtype.startsWith('float') && !numbers.every(Number.isSafeInteger))
    refuse('invalid', `${field} must hold whole numbers.`, { field })
  return tensorOf(spec, numbers)
}

/** The rest of a binary request, taken from in the order of its inputs. */
export type Raw = { bytes: Uint8Array; taken: number }

function fromRaw(size: unknown, spec: { name: string; dtype: Dtype; shape: number[] }, raw: Raw): Tensor {
  const field = `inputs.${spec.name}.parameters.binary_data_size`
  const expected = elementsOf(spec.shape) * bytesPerElement(spec.dtype)
  if (size !== expected)
    refuse('invalid', `${field} must be ${expected} for shape [${spec.shape.join(', ')}].`, { field })
  if (raw.taken + expected > raw.bytes.length)
    refuse('invalid', `The body has fewer bytes than ${field} says.`, { field })
  const data = raw.bytes.subarray(raw.taken, raw.taken + expected)
  raw.taken += expected
  return { ...spec, data }
}

function checkShape(spec: Spec, shape: readonly number[]): void {
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((dim, axis) => typeof dim === 'string' || dim === shape[axis])
  if (fits && shape[0] !== 0) return
  refuse('invalid', `Input "${spec.name}" must have shape [${spec.shape.join(', ')}], not [${shape.join(', ')}].`, {
    field: `inputs.${spec.name}.shape`,
    details: { expectedShape: spec.shape },
  })
}

/** Reads `inputs` of a request for a variant. @throws Refusal naming the input and what it should be */
export function readInputs(inputs: unknown, spec: Spec, raw: Raw): Input {
  const [input, ...more] = Array.isArray(inputs) ? (inputs as unknown[]) : []
  if (!isRecord(input) || more.length > 0 || input.name !== spec.name) {
    return refuse('invalid', `inputs must hold exactly the input "${spec.name}".`, { field: 'inputs' })
  }
  const { datatype } = input
  if (typeof datatype !== 'string' || !isDatatype(datatype) || DATATYPES[datatype].dtype !== spec.dtype) {
    const expected = datatypeOfDtype(spec.dtype as Dtype)
    return refuse('invalid', `Input "${spec.name}" must have datatype ${expected}.`, {
      field: `inputs.${spec.name}.datatype`,
    })
  }
  const shape = shapeOf(input.shape, `inputs.${spec.name}.shape`)
  checkShape(spec, shape)
  const target = { name: spec.name, dtype: DATATYPES[datatype].dtype, shape }
  const size = isRecord(input.parameters) ? input.parameters.binary_data_size : undefined
  const tensor = size === undefined ? fromJson(input.data, target) : fromRaw(size, target, raw)
  if (raw.taken !== raw.bytes.length) refuse('invalid', 'The body has more bytes than its inputs.', { field: 'inputs' })
  return inputOf(tensor, numbersOf(tensor))
}

/** Joins the parts of an output along its first dimension. */
export function joinParts(parts: readonly Tensor[][]): Tensor[] {
  const [first] = parts
  if (!first || parts.length === 1) return first ?? []
  return first.map((head, index) => {
    const pieces = parts.flatMap((part) => part[index] ?? [])
    const rows = pieces.reduce((sum, piece) => sum + (piece.shape[0] ?? 0), 0)
    return { ...head, shape: [rows, ...head.shape.slice(1)], data: Buffer.concat(pieces.map((piece) => piece.data)) }
  })
}

/** Shapes on this wire give a free dimension as -1. */
export function metadataOf(spec: Spec): { name: string; datatype: string; shape: number[] } {
  const shape = spec.shape.map((dim) => (typeof dim === 'number' ? dim : -1))
  return { name: spec.name, datatype: datatypeOfDtype(spec.dtype as Dtype), shape }
}
