import { readFileSync } from 'node:fs'
import { isRefusal } from '@modelyard/domain/refusal'
import { describe, expect, it } from 'vitest'
import { classifier, loopAsTold } from '../testing/models.ts'
import { inspectModel } from './inspect.ts'
import { fieldsOf, ProtobufWriter } from './protobuf.ts'
import { ATTRIBUTE, ENTRY, FUNCTION, GRAPH, MODEL, NODE, OPSET, SPARSE, TENSOR } from './schema.ts'
import { type Graph, writeModel } from './write.ts'

function refusalOf(bytes: Uint8Array): { code: string; message: string } {
  try {
    inspectModel(bytes)
  } catch (error) {
    if (isRefusal(error)) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('the model was accepted')
}

const external = () =>
  new ProtobufWriter()
    .varint(TENSOR.dims, 4)
    .varint(TENSOR.dataType, 1)
    .text(TENSOR.name, 'W')
    .message(TENSOR.externalData, new ProtobufWriter().text(ENTRY.key, 'location').text(ENTRY.value, '.env'))
    .varint(TENSOR.dataLocation, 1)

const attribute = (field: number, value: ProtobufWriter) =>
  new ProtobufWriter().text(ATTRIBUTE.name, 'value').message(field, value)

const constant = (part: ProtobufWriter) =>
  new ProtobufWriter().text(NODE.output, 'c').text(NODE.opType, 'Constant').message(NODE.attribute, part)

const inGraph = (field: number, value: ProtobufWriter) => new ProtobufWriter().message(field, value)

/** A sound model with one thing added to its graph: messages are joined by joining their bytes. */
function modelWith(extra: ProtobufWriter): Uint8Array {
  const graph = [...fieldsOf(classifier())].find((field) => field.number === MODEL.graph && field.kind === 'bytes')
  if (graph?.kind !== 'bytes') throw new Error('the sound model has no graph')
  return new ProtobufWriter()
    .varint(MODEL.irVersion, 8)
    .bytes(MODEL.graph, Buffer.concat([graph.bytes, extra.finish()]))
    .message(MODEL.opsetImport, new ProtobufWriter().text(OPSET.domain, '').varint(OPSET.version, 17))
    .finish()
}

describe('a sound model', () => {
  it('tells its inputs, outputs and versions, free dimensions by name', () => {
    expect(inspectModel(classifier())).toEqual({
      inputs: [{ name: 'x', dtype: 'float32', shape: ['N', 2] }],
      outputs: [{ name: 'probabilities', dtype: 'float32', shape: ['N', 3] }],
      irVersion: 8,
      opsets: { 'ai.onnx': 17 },
      producer: 'modelyard',
      nodes: 2,
      metadata: {},
    })
  })

  it('counts the nodes of sub-graphs and keeps metadata', () => {
    expect(inspectModel(loopAsTold()).nodes).toBe(5)
    const graph: Graph = {
      name: 'g',
      inputs: [{ name: 'x', datatype: 'INT64', shape: [1, null] }],
      outputs: [{ name: 'y', datatype: 'INT64', shape: [1, null] }],
      nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
    }
    const found = inspectModel(writeModel({ ...graph, metadata: { labels: '["a"]' } }))
    expect(found.metadata).toEqual({ labels: '["a"]' })
    expect(found.inputs[0]?.shape).toEqual([1, '?'])
  })
})

describe('data in other files is refused wherever it hides', () => {
  const places: [string, ProtobufWriter][] = [
    ['an initializer', inGraph(GRAPH.initializer, external())],
    ['sparse values', inGraph(GRAPH.sparseInitializer, new ProtobufWriter().message(SPARSE.values, external()))],
    ['sparse indices', inGraph(GRAPH.sparseInitializer, new ProtobufWriter().message(SPARSE.indices, external()))],
    ['a Constant', inGraph(GRAPH.node, constant(attribute(ATTRIBUTE.tensor, external())))],
    ['a list of tensors', inGraph(GRAPH.node, constant(attribute(10, external())))],
    [
      'a sparse attribute',
      inGraph(
        GRAPH.node,
        constant(attribute(ATTRIBUTE.sparseTensor, new ProtobufWriter().message(SPARSE.values, external()))),
      ),
    ],
    ['a sub-graph', inGraph(GRAPH.node, constant(attribute(ATTRIBUTE.graph, inGraph(GRAPH.initializer, external()))))],
    [
      'a list of sub-graphs',
      inGraph(
        GRAPH.node,
        constant(attribute(ATTRIBUTE.graphs, inGraph(GRAPH.node, constant(attribute(ATTRIBUTE.tensor, external()))))),
      ),
    ],
    [
      'a location without the flag',
      inGraph(
        GRAPH.initializer,
        new ProtobufWriter().text(TENSOR.name, 'W').message(TENSOR.externalData, new ProtobufWriter()),
      ),
    ],
    [
      'the flag without a location',
      inGraph(GRAPH.initializer, new ProtobufWriter().text(TENSOR.name, 'W').varint(TENSOR.dataLocation, 1)),
    ],
  ]
  it.each(places)('%s', (_place, extra) => {
    const { code, message } = refusalOf(modelWith(extra))
    expect(code).toBe('unsupported')
    expect(message).toContain('keeps its data in another file')
  })

  it('a function body', () => {
    const body = new ProtobufWriter()
      .text(FUNCTION.name, 'f')
      .message(FUNCTION.node, constant(attribute(ATTRIBUTE.tensor, external())))
    const bytes = Buffer.concat([classifier(), new ProtobufWriter().message(MODEL.functions, body).finish()])
    expect(refusalOf(bytes).message).toContain('keeps its data in another file')
  })
})

describe('what is no model is named', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /is empty/],
    ['a page', Buffer.from('<!doctype html><html></html>'), /text \(HTML or JSON\)/],
    ['a pickle', Buffer.from([0x80, 0x04, 0x95, 0, 0]), /pickle/],
    ['an archive', Buffer.from('PK\u0003\u0004abcdefgh'), /ZIP/],
    ['weights alone', Buffer.concat([Buffer.from([16, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"a":{}}')]), /safetensors/],
    ['this very source', readFileSync(import.meta.filename), /no ONNX model|text/],
    ['zeros', new Uint8Array(1000), /no ONNX model/],
    ['another message', new ProtobufWriter().text(1, 'hello').finish(), /no ONNX model|wrong wire type/],
    ['a model and a page', Buffer.concat([classifier(), Buffer.from('<script>alert(1)</script>')]), /no ONNX model/],
    ['two models', Buffer.concat([classifier(), classifier()]), /more than one graph/],
  ]
  it.each(cases)('%s', (_name, bytes, expected) => {
    const { code, message } = refusalOf(bytes)
    expect(['invalid', 'unsupported']).toContain(code)
    expect(message).toMatch(expected)
  })

  it('refuses every truncation', () => {
    const bytes = classifier()
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(bytes.slice(0, length)).code).toMatch(/invalid|unsupported/)
    }
  })
})

describe('hostile graphs', () => {
  it('refuses versions nobody speaks', () => {
    expect(refusalOf(writeModel({ ...soundGraph(), irVersion: 99 })).message).toContain('IR version 99')
    expect(refusalOf(writeModel({ ...soundGraph(), opset: 99 })).message).toContain('operator set 99')
  })

  it('refuses operators from elsewhere, also those of the runtime that open files', () => {
    const node = (domain: string, op: string) =>
      inGraph(GRAPH.node, new ProtobufWriter().text(NODE.opType, op).text(NODE.domain, domain))
    expect(refusalOf(modelWith(node('evil.example', 'Shell'))).message).toContain('evil.example:Shell')
    expect(refusalOf(modelWith(node('com.microsoft', 'EPContext'))).message).toContain('EPContext')
    expect(inspectModel(modelWith(node('com.microsoft', 'FusedMatMul'))).nodes).toBe(3)
  })

  it('refuses tensors that claim more than they hold, or less than nothing', () => {
    const lie = (dims: number[], raw: number) => {
      const tensor = new ProtobufWriter()
        .text(TENSOR.name, 'W')
        .varint(TENSOR.dataType, 1)
        .bytes(TENSOR.rawData, new Uint8Array(raw))
      for (const dim of dims) tensor.varint(TENSOR.dims, dim)
      return modelWith(inGraph(GRAPH.initializer, tensor))
    }
    expect(refusalOf(lie([4, 4], 8)).message).toContain('declares 64 bytes of data and holds 8')
    expect(refusalOf(lie([-1, 4], 16)).message).toContain('negative dimension')
    expect(refusalOf(lie([2 ** 31, 2 ** 31], 16)).code).toBe('invalid')
    expect(refusalOf(lie(Array(1000).fill(1), 4)).message).toContain('more than 32 dimensions')
  })

  it('refuses bottomless nesting without exhausting the stack', () => {
    let graph = new ProtobufWriter()
    for (let depth = 0; depth < 2000; depth++) graph = inGraph(GRAPH.node, constant(attribute(ATTRIBUTE.graph, graph)))
    expect(refusalOf(modelWith(graph)).message).toContain('nested')
  })

  it('answers ten thousand nodes with long names in well under a second', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => ({
      op: 'Identity',
      inputs: ['x'],
      outputs: [`y${index}`],
      name: 'n'.repeat(1000),
    }))
    const started = performance.now()
    expect(inspectModel(writeModel({ ...soundGraph(), nodes: [...soundGraph().nodes, ...nodes] })).nodes).toBe(10_001)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('ends in a model or a refusal for any changed byte', () => {
    const seed = loopAsTold()
    for (let at = 0; at < seed.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const bytes = seed.slice()
        bytes[at] = (bytes[at] ?? 0) ^ flip
        try {
          inspectModel(bytes)
        } catch (error) {
          expect(isRefusal(error), String(error)).toBe(true)
        }
      }
    }
  })
})

function soundGraph(): Graph {
  return {
    name: 'g',
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
    nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
  }
}
