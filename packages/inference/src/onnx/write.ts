/**
 * Writes small ONNX models without Python: what a training recipe in TypeScript needs to hand over a real model.
 *
 * ```ts
 * const bytes = writeModel({
 *   name: 'digits-softmax',
 *   inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 64] }],
 *   outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 10] }],
 *   initializers: [{ name: 'W', dims: [64, 10], data: weights }, { name: 'b', dims: [10], data: bias }],
 *   nodes: [
 *     { op: 'Gemm', inputs: ['x', 'W', 'b'], outputs: ['logits'] },
 *     { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: { int: -1 } } },
 *   ],
 *   metadata: { 'modelyard.labels': JSON.stringify(['0', '1']) },
 * })
 * ```
 * Nodes must stand in order of evaluation. The same input gives the same bytes, so equal training gives equal hashes.
 */
import { DATATYPES, type Datatype } from '@modelyard/domain/tensor/datatype'
import { ProtobufWriter } from './protobuf.ts'
import {
  ATTRIBUTE,
  DIM,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from './schema.ts'

/** A tensor's data; the array type decides the element type (Uint8Array is UINT8). */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Int8Array

/** A named constant: `data` holds the product of `dims` elements in row-major order. */
export type Initializer = { name: string; dims: readonly number[]; data: TensorData }

/** A graph input or output; a string (or null) in `shape` is a free dimension, number a fixed one. */
export type ValueInfo = { name: string; datatype: Datatype; shape: readonly (number | string | null)[] }

export type Attribute =
  | { int: number | bigint }
  | { float: number }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { text: string }
  | { tensor: Initializer }
  | { graph: Graph }

export type Node = {
  op: string
  inputs: readonly string[]
  outputs: readonly string[]
  name?: string
  domain?: string
  attributes?: Readonly<Record<string, Attribute>>
}

export type Graph = {
  name: string
  inputs: readonly ValueInfo[]
  outputs: readonly ValueInfo[]
  initializers?: readonly Initializer[]
  nodes: readonly Node[]
}

export type Model = Graph & {
  metadata?: Readonly<Record<string, string>>
  opset?: number
  irVersion?: number
  producerName?: string
}

function datatypeOfData(data: TensorData): Datatype {
  if (data instanceof Float32Array) return 'FP32'
  if (data instanceof Float64Array) return 'FP64'
  if (data instanceof Int32Array) return 'INT32'
  if (data instanceof BigInt64Array) return 'INT64'
  return data instanceof Int8Array ? 'INT8' : 'UINT8'
}

function tensor(initializer: Initializer): ProtobufWriter {
  const { name, dims, data } = initializer
  const size = dims.reduce((product, dim) => product * dim, 1)
  if (size !== data.length)
    throw new RangeError(`tensor ${name}: ${data.length} elements for shape [${dims.join(', ')}]`)
  const out = new ProtobufWriter()
  for (const dim of dims) out.varint(TENSOR.dims, dim)
  return out
    .varint(TENSOR.dataType, DATATYPES[datatypeOfData(data)].onnx)
    .text(TENSOR.name, name)
    .bytes(TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

function valueInfo(value: ValueInfo): ProtobufWriter {
  const shape = new ProtobufWriter()
  for (const dim of value.shape) {
    const entry = new ProtobufWriter()
    if (typeof dim === 'number') entry.varint(DIM.value, dim)
    else if (dim !== null) entry.text(DIM.param, dim)
    shape.message(SHAPE.dim, entry)
  }
  const tensorType = new ProtobufWriter()
    .varint(TENSOR_TYPE.elementType, DATATYPES[value.datatype].onnx)
    .message(TENSOR_TYPE.shape, shape)
  return new ProtobufWriter()
    .text(VALUE_INFO.name, value.name)
    .message(VALUE_INFO.type, new ProtobufWriter().message(TYPE.tensor, tensorType))
}

// AttributeProto.AttributeType of onnx.proto3.
const ATTRIBUTE_TYPE = { float: 1, int: 2, text: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const

function attribute(name: string, value: Attribute): ProtobufWriter {
  const out = new ProtobufWriter().text(ATTRIBUTE.name, name)
  if ('int' in value) return out.varint(ATTRIBUTE.int, value.int).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.int)
  if ('float' in value) return out.float(ATTRIBUTE.float, value.float).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.float)
  if ('text' in value) return out.text(ATTRIBUTE.string, value.text).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.text)
  if ('tensor' in value)
    return out.message(ATTRIBUTE.tensor, tensor(value.tensor)).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.tensor)
  if ('graph' in value)
    return out.message(ATTRIBUTE.graph, graph(value.graph)).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.graph)
  if ('floats' in value) {
    for (const item of value.floats) out.float(ATTRIBUTE.floats, item)
    return out.varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.floats)
  }
  for (const item of value.ints) out.varint(ATTRIBUTE.ints, item)
  return out.varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints)
}

function node(value: Node): ProtobufWriter {
  const out = new ProtobufWriter()
  for (const input of value.inputs) out.text(NODE.input, input)
  for (const output of value.outputs) out.text(NODE.output, output)
  if (value.name !== undefined) out.text(NODE.name, value.name)
  out.text(NODE.opType, value.op)
  for (const [name, item] of Object.entries(value.attributes ?? {})) out.message(NODE.attribute, attribute(name, item))
  if (value.domain !== undefined) out.text(NODE.domain, value.domain)
  return out
}

function graph(value: Graph): ProtobufWriter {
  const out = new ProtobufWriter()
  for (const item of value.nodes) out.message(GRAPH.node, node(item))
  out.text(GRAPH.name, value.name)
  for (const item of value.initializers ?? []) out.message(GRAPH.initializer, tensor(item))
  for (const item of value.inputs) out.message(GRAPH.input, valueInfo(item))
  for (const item of value.outputs) out.message(GRAPH.output, valueInfo(item))
  return out
}

const DEFAULT_OPSET = 17
const DEFAULT_IR_VERSION = 8

/**
 * Serializes a model (opset 17, IR 8 unless told otherwise; ai.onnx.ml 3 is imported when a node uses that domain).
 * @throws RangeError when a tensor's data does not fill its shape
 */
export function writeModel(model: Model): Uint8Array {
  const out = new ProtobufWriter()
    .varint(MODEL.irVersion, model.irVersion ?? DEFAULT_IR_VERSION)
    .text(MODEL.producerName, model.producerName ?? 'modelyard')
    .message(MODEL.graph, graph(model))
    .message(
      MODEL.opsetImport,
      new ProtobufWriter().text(OPSET.domain, '').varint(OPSET.version, model.opset ?? DEFAULT_OPSET),
    )
  if (model.nodes.some((item) => item.domain === 'ai.onnx.ml')) {
    out.message(MODEL.opsetImport, new ProtobufWriter().text(OPSET.domain, 'ai.onnx.ml').varint(OPSET.version, 3))
  }
  for (const [key, value] of Object.entries(model.metadata ?? {})) {
    out.message(MODEL.metadata, new ProtobufWriter().text(ENTRY.key, key).text(ENTRY.value, value))
  }
  return out.finish()
}
