import { type Initializer, type Node, writeModel } from '@modelyard/inference/onnx/write'
import type { Network } from './network.ts'

/** The network as ONNX: `input` [N, features] to `probabilities` [N, classes] and `label` [N], normalisation inside. */
export function modelFile(network: Network, about: { name: string; classes: readonly string[] }): Uint8Array {
  const width = network.mean.length
  const initializers: Initializer[] = [
    { name: 'mean', dims: [width], data: Float32Array.from(network.mean) },
    { name: 'deviation', dims: [width], data: Float32Array.from(network.deviation) },
  ]
  const nodes: Node[] = [
    { op: 'Sub', inputs: ['input', 'mean'], outputs: ['centred'] },
    { op: 'Div', inputs: ['centred', 'deviation'], outputs: ['normalised'] },
  ]
  let current = 'normalised'
  network.layers.forEach((layer, place) => {
    const isLast = place === network.layers.length - 1
    const [weights, biases, sum] = [`weights${place + 1}`, `biases${place + 1}`, isLast ? 'logits' : `sum${place + 1}`]
    initializers.push(
      { name: weights, dims: [layer.inputs, layer.outputs], data: Float32Array.from(layer.weights) },
      { name: biases, dims: [layer.outputs], data: Float32Array.from(layer.biases) },
    )
    nodes.push({ op: 'Gemm', inputs: [current, weights, biases], outputs: [sum] })
    current = sum
    if (isLast) return
    current = `hidden${place + 1}`
    nodes.push({ op: 'Relu', inputs: [sum], outputs: [current] })
  })
  nodes.push(
    { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: { int: -1 } } },
    {
      op: 'ArgMax',
      inputs: ['probabilities'],
      outputs: ['label'],
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    },
  )
  return writeModel({
    name: about.name,
    inputs: [{ name: 'input', datatype: 'FP32', shape: ['N', width] }],
    outputs: [
      { name: 'probabilities', datatype: 'FP32', shape: ['N', about.classes.length] },
      { name: 'label', datatype: 'INT64', shape: ['N'] },
    ],
    initializers,
    nodes,
    metadata: { 'modelyard.labels': JSON.stringify(about.classes) },
  })
}
