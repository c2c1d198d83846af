/** Small models for tests, sound and hostile, made on the spot so that no binary file stands in the repository. */
import type { Graph, Model } from '../onnx/write.ts'
import { writeModel } from '../onnx/write.ts'

/** Three classes out of two numbers: the class is the largest of (x0, x1, bias). */
export function classifier(options: { name?: string; bias?: number; scale?: number } = {}): Uint8Array {
  const { name = 'classifier', bias = 0, scale = 1 } = options
  return writeModel({
    name,
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 3] }],
    initializers: [
      { name: 'W', dims: [2, 3], data: new Float32Array([scale, 0, 0, 0, scale, 0]) },
      { name: 'b', dims: [3], data: new Float32Array([0, 0, bias]) },
    ],
    nodes: [
      { op: 'Gemm', inputs: ['x', 'W', 'b'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: { int: -1 } } },
    ],
  })
}

const rowPorts = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 2] }],
} satisfies Pick<Model, 'inputs' | 'outputs'>

const loopBody: Graph = {
  name: 'body',
  inputs: [
    { name: 'step', datatype: 'INT64', shape: [] },
    { name: 'going', datatype: 'BOOL', shape: [] },
    { name: 'state', datatype: 'FP32', shape: ['N', 2] },
  ],
  outputs: [
    { name: 'going_on', datatype: 'BOOL', shape: [] },
    { name: 'next', datatype: 'FP32', shape: ['N', 2] },
  ],
  nodes: [
    { op: 'Identity', inputs: ['going'], outputs: ['going_on'] },
    { op: 'Identity', inputs: ['state'], outputs: ['next'] },
  ],
}

/** Repeats as often as the largest number of its input says: zeros end at once, 1e18 never does. */
export function loopAsTold(): Uint8Array {
  return writeModel({
    name: 'loop',
    ...rowPorts,
    nodes: [
      { op: 'ReduceMax', inputs: ['x'], outputs: ['largest'], attributes: { keepdims: { int: 0 } } },
      { op: 'Cast', inputs: ['largest'], outputs: ['trips'], attributes: { to: { int: 7 } } },
      { op: 'Loop', inputs: ['trips', '', 'x'], outputs: ['probabilities'], attributes: { body: { graph: loopBody } } },
    ],
  })
}

/** Never ends, not even while it is warmed up. */
export function endlessLoop(): Uint8Array {
  return writeModel({
    name: 'endless',
    ...rowPorts,
    initializers: [{ name: 'trips', dims: [1], data: new BigInt64Array([2n ** 62n]) }],
    nodes: [
      { op: 'Squeeze', inputs: ['trips'], outputs: ['count'] },
      { op: 'Loop', inputs: ['count', '', 'x'], outputs: ['probabilities'], attributes: { body: { graph: loopBody } } },
    ],
  })
}

/** Takes as many floats of memory as the largest number of its input says. */
export function allocateAsTold(): Uint8Array {
  return writeModel({
    name: 'allocate',
    ...rowPorts,
    initializers: [{ name: 'one', dims: [1], data: new BigInt64Array([1n]) }],
    nodes: [
      { op: 'ReduceMax', inputs: ['x'], outputs: ['largest'], attributes: { keepdims: { int: 0 } } },
      { op: 'Cast', inputs: ['largest'], outputs: ['wanted'], attributes: { to: { int: 7 } } },
      { op: 'Reshape', inputs: ['wanted', 'one'], outputs: ['shape'] },
      { op: 'ConstantOfShape', inputs: ['shape'], outputs: ['block'] },
      { op: 'ReduceSum', inputs: ['block'], outputs: ['sum'], attributes: { keepdims: { int: 0 } } },
      { op: 'Add', inputs: ['x', 'sum'], outputs: ['probabilities'] },
    ],
  })
}

/** Fails on a row whose first number is no index 0 or 1. */
export function gatherAsTold(): Uint8Array {
  return writeModel({
    name: 'gather',
    inputs: [{ name: 'x', datatype: 'INT64', shape: ['N'] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 2] }],
    initializers: [{ name: 'table', dims: [2, 2], data: new Float32Array([1, 0, 0, 1]) }],
    nodes: [{ op: 'Gather', inputs: ['table', 'x'], outputs: ['probabilities'], attributes: { axis: { int: 0 } } }],
  })
}
