/** Tensors as they travel: a name, ONNX Runtime's element type, a shape, and little-endian bytes in row-major order. */
import type { Dtype } from './datatype.ts'

export type Tensor = { name: string; dtype: Dtype; shape: number[]; data: Uint8Array }

type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
export type TypedArray = NumberArray | BigInt64Array | BigUint64Array

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const

export function bytesPerElement(dtype: Dtype): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1)
}

/** A typed view of a tensor's bytes; copies only when they do not lie on the element's boundary. */
export function elements(tensor: Pick<Tensor, 'dtype' | 'data'>): TypedArray {
  const { data } = tensor
  const Type = ARRAYS[tensor.dtype]
  const aligned = data.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? data : new Uint8Array(data)
  return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / Type.BYTES_PER_ELEMENT)
}

export function rawBytes(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Encodes numbers as a tensor; integers of 64 bits are taken from their exact double. @throws RangeError for a fraction there */
export function tensorOf(spec: { name: string; dtype: Dtype; shape: number[] }, values: ArrayLike<number>): Tensor {
  if (elementsOf(spec.shape) !== values.length) {
    throw new RangeError(`tensor ${spec.name}: ${values.length} values for shape [${spec.shape.join(', ')}]`)
  }
  if (spec.dtype === 'int64' || spec.dtype === 'uint64') {
    const wide = new ARRAYS[spec.dtype](values.length)
    for (let index = 0; index < values.length; index++) wide[index] = BigInt(values[index] ?? 0)
    return { ...spec, data: rawBytes(wide) }
  }
  const narrow = new ARRAYS[spec.dtype](values.length)
  narrow.set(values)
  return { ...spec, data: rawBytes(narrow) }
}

/** Numbers of a tensor, 64-bit integers as doubles. */
export function numbersOf(tensor: Pick<Tensor, 'dtype' | 'data'>): number[] {
  return Array.from(elements(tensor) as ArrayLike<number | bigint>, Number)
}
