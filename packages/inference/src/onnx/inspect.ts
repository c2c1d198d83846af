/** Reads what a model file says about itself, without a loader: safe on hostile bytes, in the process that asks. */

import type { ModelSignature } from '@modelyard/contracts/model'
import { DATATYPES, datatypeOf } from '@modelyard/domain/tensor/datatype'
import { decodeText, fieldsOf, ProtobufError } from './protobuf.ts'
import { refuseModel } from './refuse.ts'
import { DIM, ENTRY, GRAPH, MODEL, OPSET, SHAPE, TENSOR, TENSOR_TYPE, TYPE, VALUE_INFO } from './schema.ts'
import { bytesOf, checkModel, integerOf, quoted } from './walk.ts'

/** What inspection gives: the contract's signature, and the file's own key/value metadata. */
export type ModelInspection = ModelSignature & { metadata: Record<string, string> }

type TensorSpec = ModelSignature['inputs'][number]

const MAX_MODEL_BYTES = 2 ** 31 - 1
const MAX_SERVED_RANK = 8
const MAX_METADATA_BYTES = 1_000_000
const IR_VERSIONS = { min: 3, max: 13 }
const MAX_OPSET = 26

// First bytes (hexadecimal) of what people upload by mistake, with the words they know it by.
const MISTAKEN: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, 'it is a ZIP archive (.pt, .keras and .npz files are); export it to ONNX'],
  [/^800[2-5]/, 'it is a Python pickle, which runs code when opened; export the model to ONNX'],
  [/^89484446/, 'it is an HDF5 file; export the model to ONNX'],
  [/^(09|0a|0d|20)*(3c|7b|5b)/, 'it is text (HTML or JSON)'],
  [/^.{16}7b22/, 'it is a safetensors file, which holds weights without a graph; export the model to ONNX'],
]

function refuseMistaken(bytes: Uint8Array): void {
  if (bytes.length === 0) refuseModel('invalid', 'the file is empty')
  if (bytes.length > MAX_MODEL_BYTES) refuseModel('unsupported', 'the file is larger than 2 GB')
  const head = Buffer.from(bytes.subarray(0, 16)).toString('hex')
  const known = MISTAKEN.find(([pattern]) => pattern.test(head))
  if (known) refuseModel('unsupported', known[1])
}

function dimension(bytes: Uint8Array): number | string {
  let dim: number | string = '?'
  for (const field of fieldsOf(bytes)) {
    if (field.number === DIM.value) dim = Number(integerOf(field))
    else if (field.number === DIM.param) dim = decodeText(bytesOf(field)) || '?'
  }
  // Exporters write 0 or -1 where they mean "free".
  return typeof dim === 'number' && dim <= 0 ? '?' : dim
}

function shapeOf(bytes: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = []
  for (const field of fieldsOf(bytes)) {
    if (field.number === SHAPE.dim && shape.push(dimension(bytesOf(field))) > MAX_SERVED_RANK) {
      refuseModel('unsupported', `a tensor has more than ${MAX_SERVED_RANK} dimensions`)
    }
  }
  return shape
}

function tensorType(bytes: Uint8Array): { element: number; shape: (number | string)[] | undefined } {
  let element = 0
  let shape: (number | string)[] | undefined
  for (const field of fieldsOf(bytes)) {
    if (field.number === TENSOR_TYPE.elementType) element = Number(integerOf(field))
    else if (field.number === TENSOR_TYPE.shape) shape = shapeOf(bytesOf(field))
  }
  return { element, shape }
}

function tensorSpec(bytes: Uint8Array): TensorSpec {
  let name = ''
  let tensor: Uint8Array | undefined
  for (const field of fieldsOf(bytes)) {
    if (field.number === VALUE_INFO.name) name = decodeText(bytesOf(field))
    if (field.number !== VALUE_INFO.type) continue
    for (const type of fieldsOf(bytesOf(field))) if (type.number === TYPE.tensor) tensor = bytesOf(type)
  }
  if (name === '') refuseModel('invalid', 'a graph input or output has no name')
  if (!tensor) return refuseModel('unsupported', `${quoted(name)} is no tensor (export classifiers with zipmap off)`)
  const { element, shape } = tensorType(tensor)
  const datatype = datatypeOf(element)
  if (!datatype) return refuseModel('unsupported', `${quoted(name)} has element type ${element}, which is not served`)
  if (!shape) return refuseModel('unsupported', `${quoted(name)} has no shape`)
  return { name, dtype: DATATYPES[datatype].dtype, shape }
}

function nameOfTensor(bytes: Uint8Array): string {
  for (const field of fieldsOf(bytes)) if (field.number === TENSOR.name) return decodeText(bytesOf(field))
  return ''
}

function portsOf(graph: Uint8Array): Pick<ModelSignature, 'inputs' | 'outputs'> {
  const inputs: Uint8Array[] = []
  const outputs: TensorSpec[] = []
  const constants = new Set<string>()
  for (const field of fieldsOf(graph)) {
    if (field.number === GRAPH.input) inputs.push(bytesOf(field))
    else if (field.number === GRAPH.output) outputs.push(tensorSpec(bytesOf(field)))
    else if (field.number === GRAPH.initializer) constants.add(nameOfTensor(bytesOf(field)))
  }
  // Old exporters list the weights among the inputs too.
  const free = inputs.map(tensorSpec).filter((input) => !constants.has(input.name))
  if (free.length === 0) refuseModel('invalid', 'the graph has no input')
  if (outputs.length === 0) refuseModel('invalid', 'the graph has no output')
  return { inputs: free, outputs }
}

function opsetOf(bytes: Uint8Array): [string, number] {
  let domain = ''
  let version = 0
  for (const field of fieldsOf(bytes)) {
    if (field.number === OPSET.domain) domain = decodeText(bytesOf(field))
    else if (field.number === OPSET.version) version = Number(integerOf(field))
  }
  return [domain === '' ? 'ai.onnx' : domain, version]
}

function metadataOf(bytes: Uint8Array): [string, string] {
  const entry = ['', '']
  for (const field of fieldsOf(bytes)) {
    if (field.number === ENTRY.key) entry[0] = decodeText(bytesOf(field))
    else if (field.number === ENTRY.value) entry[1] = decodeText(bytesOf(field))
  }
  return entry as [string, string]
}

type Head = {
  irVersion: number
  producer: string[]
  opsets: [string, number][]
  metadata: [string, string][]
  graphs: Uint8Array[]
}

function headOf(bytes: Uint8Array): Head {
  const head: Head = { irVersion: 0, producer: [], opsets: [], metadata: [], graphs: [] }
  let metadataBytes = 0
  for (const field of fieldsOf(bytes)) {
    if (field.number === MODEL.irVersion) head.irVersion = Number(integerOf(field))
    else if (field.number === MODEL.producerName) head.producer[0] = decodeText(bytesOf(field))
    else if (field.number === MODEL.producerVersion) head.producer[1] = decodeText(bytesOf(field))
    else if (field.number === MODEL.graph) head.graphs.push(bytesOf(field))
    else if (field.number === MODEL.opsetImport) head.opsets.push(opsetOf(bytesOf(field)))
    else if (field.number === MODEL.metadata) {
      metadataBytes += bytesOf(field).length
      if (metadataBytes > MAX_METADATA_BYTES) refuseModel('unsupported', 'its metadata is larger than 1 MB')
      head.metadata.push(metadataOf(bytesOf(field)))
    }
  }
  return head
}

function checkVersions(head: Head): void {
  if (head.irVersion < IR_VERSIONS.min || head.irVersion > IR_VERSIONS.max) {
    const range = `${IR_VERSIONS.min} to ${IR_VERSIONS.max}`
    refuseModel('unsupported', `it has IR version ${head.irVersion}; those served are ${range}`)
  }
  const standard = head.opsets.find(([domain]) => domain === 'ai.onnx')?.[1]
  if (standard === undefined) refuseModel('invalid', 'it names no operator set')
  if (standard < 1 || standard > MAX_OPSET) {
    refuseModel('unsupported', `it needs operator set ${standard}; those served end at ${MAX_OPSET}`)
  }
}

function inspect(bytes: Uint8Array): ModelInspection {
  const head = headOf(bytes)
  const graph = head.graphs[0]
  if (!graph) return refuseModel('invalid', 'the file holds no graph, so it is no ONNX model')
  // Protocol buffers merge repeated messages; a reader that takes the first and a loader that merges would disagree.
  if (head.graphs.length > 1) refuseModel('invalid', 'the file holds more than one graph')
  checkVersions(head)
  const nodes = checkModel(bytes)
  return {
    ...portsOf(graph),
    irVersion: head.irVersion,
    opsets: Object.fromEntries(head.opsets),
    producer: head.producer.filter(Boolean).join(' '),
    nodes,
    metadata: Object.fromEntries(head.metadata),
  }
}

/**
 * Reads an ONNX model's inputs, outputs, versions and metadata, and checks the whole file for what must not be loaded:
 * data in other files (initializers, sparse ones, attributes, sub-graphs, functions), unknown operator domains, tensors
 * that claim more than they hold, absurd nesting. `dtype` is ONNX Runtime's name (`float32`, `int64`, ...); a free
 * dimension is a name, `?` when it has none.
 * @throws Refusal `invalid` (broken or contradictory) or `unsupported` (sound, but not served), field `model`
 */
export function inspectModel(bytes: Uint8Array): ModelInspection {
  refuseMistaken(bytes)
  try {
    return inspect(bytes)
  } catch (error) {
    if (error instanceof ProtobufError)
      return refuseModel('invalid', `the file is no ONNX model or is cut off (${error.message})`)
    throw error
  }
}
