/** From the JSON of a request to one tensor, with an error that names the place and what was expected there. */
import type { SnapshotEndpoint } from '@modelyard/contracts/gateway'
import { refuse } from '@modelyard/domain/refusal'
import type { Dtype } from '@modelyard/domain/tensor/datatype'
import { type Tensor, tensorOf } from '@modelyard/domain/tensor/tensor'

type InputSpec = SnapshotEndpoint['variants'][number]['input']

/** `values` are all rows flattened in order, `width` numbers each; a missing number (null) is NaN. */
export type Instances = { tensor: Tensor; values: Float64Array; width: number; rows: number }

const MAX_WIDTH = 1_000_000

const INTEGER_RANGES: Partial<Record<Dtype, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  bool: [0, 1],
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value === 'string' ? 'text' : typeof value
}

function wrong(field: string, spec: InputSpec, reason: string): never {
  const expectedShape = spec.shape
  return refuse(
    'invalid',
    `${field} ${reason}; each request needs shape [${expectedShape.join(', ')}] of ${spec.dtype}`,
    {
      field,
      details: { expectedShape, dtype: spec.dtype },
    },
  )
}

/** Fixes the free dimensions of a row by the first row that came. */
function tailOf(spec: InputSpec, first: unknown): number[] {
  let value = first
  return spec.shape.slice(1).map((dim) => {
    const found = Array.isArray(value) ? value.length : 0
    value = Array.isArray(value) ? value[0] : undefined
    return typeof dim === 'number' ? dim : found
  })
}

type Filling = {
  spec: InputSpec
  tail: number[]
  width: number
  out: Float64Array
  at: number
  range: readonly [number, number] | undefined
}

function numberFrom(value: unknown, field: string, filling: Filling): number {
  const { range, spec } = filling
  if (typeof value === 'boolean' && spec.dtype === 'bool') return Number(value)
  if (value === null && !range) return Number.NaN
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return wrong(field, spec, `must be a number, not ${typeof value === 'number' ? 'an infinite one' : kindOf(value)}`)
  }
  if (range && (!Number.isInteger(value) || value < range[0] || value > range[1])) {
    return wrong(field, spec, `must be a whole number from ${range[0]} to ${range[1]}`)
  }
  return value
}

type Place = { field: string; axis: number }

function fill(value: unknown, { field, axis }: Place, filling: Filling): void {
  if (axis === filling.tail.length) {
    filling.out[filling.at++] = numberFrom(value, field, filling)
    return
  }
  const expected = filling.tail[axis] ?? 0
  if (!Array.isArray(value)) return wrong(field, filling.spec, `must be a list of ${expected}, not ${kindOf(value)}`)
  if (value.length !== expected) return wrong(field, filling.spec, `must have ${expected} entries, not ${value.length}`)
  const last = axis + 1 === filling.tail.length
  for (let index = 0; index < expected; index++) {
    const item: unknown = value[index]
    // The common case without building a path that only errors need.
    if (last && !filling.range && typeof item === 'number' && Number.isFinite(item)) filling.out[filling.at++] = item
    else fill(item, { field: `${field}[${index}]`, axis: axis + 1 }, filling)
  }
}

function fillRow(row: unknown, field: string, filling: Filling): void {
  const isFlat = filling.tail.length > 1 && Array.isArray(row) && row.length === filling.width && !Array.isArray(row[0])
  if (!isFlat) {
    fill(row, { field, axis: 0 }, filling)
    return
  }
  for (const [index, item] of row.entries()) filling.out[filling.at++] = numberFrom(item, `${field}[${index}]`, filling)
}

/**
 * Reads `instances`: a list of rows, each a (nested) list in the shape of the model's input without its first
 * dimension, or the same numbers flat. @throws Refusal `invalid` naming the place, `too_large` beyond `maxRows`
 */
export function readInstances(instances: unknown, spec: InputSpec, maxRows: number): Instances {
  if (!Array.isArray(instances) || instances.length === 0)
    return wrong('instances', spec, 'must be a list with at least one row')
  if (instances.length > maxRows)
    refuse('too_large', `instances must hold at most ${maxRows} rows`, { field: 'instances' })
  const fixedRows = spec.shape[0]
  if (typeof fixedRows === 'number' && fixedRows !== instances.length)
    wrong('instances', spec, `must hold exactly ${fixedRows} rows`)
  const tail = tailOf(spec, instances[0])
  const width = tail.reduce((product, dim) => product * dim, 1)
  if (width > MAX_WIDTH || width * instances.length > 2 ** 27)
    refuse('too_large', 'instances holds too many numbers', { field: 'instances' })
  const dtype = spec.dtype as Dtype
  const out = new Float64Array(width * instances.length)
  const filling: Filling = { spec, tail, width, out, at: 0, range: INTEGER_RANGES[dtype] }
  for (let index = 0; index < instances.length; index++) fillRow(instances[index], `instances[${index}]`, filling)
  const shape = [instances.length, ...tail]
  return { tensor: tensorOf({ name: spec.name, dtype, shape }, out), values: out, width, rows: instances.length }
}
