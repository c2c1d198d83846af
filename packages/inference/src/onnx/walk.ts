/** Visits every message of an ONNX model that can hold data or code, and refuses what must never reach a loader. */
import { DATATYPES, datatypeOf } from '@modelyard/domain/tensor/datatype'
import { isAllowedOperator } from './operators.ts'
import { decodeText, type Field, fieldsOf, packedVarints } from './protobuf.ts'
import { refuseModel } from './refuse.ts'
import { ATTRIBUTE, FUNCTION, GRAPH, MODEL, NODE, SPARSE, TENSOR, TRAINING } from './schema.ts'

const MAX_GRAPH_DEPTH = 16
const MAX_NODES = 200_000
const MAX_RANK = 32

/** `operators` are those that only a function of the model itself can define, as `domain:type`. */
type Walk = { nodes: number; operators: Set<string>; functions: Set<string> }

/** The bytes of a length-delimited field. @throws Refusal when the field has another wire type */
export function bytesOf(field: Field): Uint8Array {
  if (field.kind !== 'bytes') return refuseModel('invalid', `field ${field.number} has the wrong wire type`)
  return field.bytes
}

/** The number of a varint field as a signed 64-bit integer. @throws Refusal when the field has another wire type */
export function integerOf(field: Field): bigint {
  if (field.kind !== 'varint') return refuseModel('invalid', `field ${field.number} has the wrong wire type`)
  return BigInt.asIntN(64, field.value)
}

/** Names end up in messages and logs: short, and without control characters. */
export function quoted(name: string): string {
  const shown = [...name.slice(0, 80)].map((char) => (char < ' ' || char === '\u007f' ? '?' : char)).join('')
  return `"${shown}${name.length > 80 ? '...' : ''}"`
}

type TensorFacts = { name: string; dims: bigint[]; dataType: number; rawSize: number | undefined; external: boolean }

function tensorFacts(bytes: Uint8Array): TensorFacts {
  const facts: TensorFacts = { name: '', dims: [], dataType: 0, rawSize: undefined, external: false }
  for (const field of fieldsOf(bytes)) {
    if (field.number === TENSOR.externalData) facts.external = true
    else if (field.number === TENSOR.dataLocation) facts.external ||= integerOf(field) !== 0n
    else if (field.number === TENSOR.name) facts.name = decodeText(bytesOf(field))
    else if (field.number === TENSOR.dataType) facts.dataType = Number(integerOf(field))
    else if (field.number === TENSOR.rawData) facts.rawSize = bytesOf(field).length
    else if (field.number === TENSOR.dims) facts.dims.push(...dimsOf(field))
    if (facts.dims.length > MAX_RANK)
      refuseModel('invalid', `tensor ${quoted(facts.name)} has more than ${MAX_RANK} dimensions`)
  }
  return facts
}

function dimsOf(field: Field): bigint[] {
  if (field.kind !== 'bytes') return [integerOf(field)]
  const dims: bigint[] = []
  for (const dim of packedVarints(field.bytes)) {
    if (dims.push(BigInt.asIntN(64, dim)) > MAX_RANK) break
  }
  return dims
}

function checkTensor(bytes: Uint8Array): void {
  const { name, dims, dataType, rawSize, external } = tensorFacts(bytes)
  if (external)
    refuseModel('unsupported', `tensor ${quoted(name)} keeps its data in another file; save the model as one file`)
  if (dims.some((dim) => dim < 0n)) refuseModel('invalid', `tensor ${quoted(name)} has a negative dimension`)
  const elements = dims.reduce((product, dim) => product * dim, 1n)
  const datatype = datatypeOf(dataType)
  const expected = datatype && elements * BigInt(DATATYPES[datatype].sizeBytes)
  if (rawSize !== undefined && expected !== undefined && BigInt(rawSize) !== expected) {
    refuseModel('invalid', `tensor ${quoted(name)} declares ${expected} bytes of data and holds ${rawSize}`)
  }
  // No encoding packs more than 8 elements into a byte, so a larger claim is a bomb or a truncation.
  if (elements > 8n * BigInt(bytes.length)) {
    refuseModel('invalid', `tensor ${quoted(name)} declares ${elements} elements and holds ${bytes.length} bytes`)
  }
}

function checkSparse(bytes: Uint8Array): void {
  for (const field of fieldsOf(bytes)) {
    if (field.number === SPARSE.values || field.number === SPARSE.indices) checkTensor(bytesOf(field))
  }
}

function checkAttribute(bytes: Uint8Array, walk: Walk, depth: number): void {
  // Every place that can hold a tensor or a graph is looked into, whatever type the attribute claims to be.
  for (const field of fieldsOf(bytes)) {
    switch (field.number) {
      case ATTRIBUTE.tensor:
      case ATTRIBUTE.tensors:
        checkTensor(bytesOf(field))
        break
      case ATTRIBUTE.sparseTensor:
      case ATTRIBUTE.sparseTensors:
        checkSparse(bytesOf(field))
        break
      case ATTRIBUTE.graph:
      case ATTRIBUTE.graphs:
        checkGraph(bytesOf(field), walk, depth + 1)
        break
    }
  }
}

function checkNode(bytes: Uint8Array, walk: Walk, depth: number): void {
  walk.nodes += 1
  if (walk.nodes > MAX_NODES) refuseModel('invalid', `the graph has more than ${MAX_NODES} nodes`)
  let domain = ''
  let operator = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === NODE.domain) domain = decodeText(bytesOf(field))
    else if (field.number === NODE.opType) operator = decodeText(bytesOf(field))
    else if (field.number === NODE.attribute) checkAttribute(bytesOf(field), walk, depth)
  }
  if (operator === '') refuseModel('invalid', 'a node has no operator')
  if (!isAllowedOperator(domain, operator)) walk.operators.add(`${domain}:${operator}`)
}

function checkGraph(bytes: Uint8Array, walk: Walk, depth: number): void {
  if (depth > MAX_GRAPH_DEPTH) refuseModel('invalid', `graphs are nested more than ${MAX_GRAPH_DEPTH} deep`)
  for (const field of fieldsOf(bytes)) {
    if (field.number === GRAPH.node) checkNode(bytesOf(field), walk, depth)
    else if (field.number === GRAPH.initializer) checkTensor(bytesOf(field))
    else if (field.number === GRAPH.sparseInitializer) checkSparse(bytesOf(field))
  }
}

function checkFunction(bytes: Uint8Array, walk: Walk): void {
  let domain = ''
  let name = ''
  for (const field of fieldsOf(bytes)) {
    if (field.number === FUNCTION.name) name = decodeText(bytesOf(field))
    else if (field.number === FUNCTION.domain) domain = decodeText(bytesOf(field))
    else if (field.number === FUNCTION.node) checkNode(bytesOf(field), walk, 1)
    else if (field.number === FUNCTION.attributeProto) checkAttribute(bytesOf(field), walk, 1)
  }
  walk.functions.add(`${domain}:${name}`)
}

function checkTraining(bytes: Uint8Array, walk: Walk): void {
  for (const field of fieldsOf(bytes)) {
    if (field.number === TRAINING.initialization || field.number === TRAINING.algorithm) {
      checkGraph(bytesOf(field), walk, 1)
    }
  }
}

/**
 * Checks every node, constant, sub-graph, function and attribute of a serialized ModelProto: no data in other files, no
 * unknown operator domain, no tensor that claims more than it holds, bounded nesting and size. Returns the number of nodes.
 * @throws Refusal `invalid` or `unsupported`, naming the first thing found; ProtobufError on broken bytes
 */
export function checkModel(bytes: Uint8Array): number {
  const walk: Walk = { nodes: 0, operators: new Set(), functions: new Set() }
  for (const field of fieldsOf(bytes)) {
    if (field.number === MODEL.graph) checkGraph(bytesOf(field), walk, 0)
    else if (field.number === MODEL.functions) checkFunction(bytesOf(field), walk)
    else if (field.number === MODEL.trainingInfo) checkTraining(bytesOf(field), walk)
  }
  for (const key of walk.operators) {
    if (!walk.functions.has(key))
      refuseModel('unsupported', `operator ${quoted(key)} is not one of those that are served`)
  }
  return walk.nodes
}
