import type { Random } from './random.ts'
import type { Table } from './table.ts'

/** One dense layer: `weights[i * outputs + j]` leads from input i to output j. */
export type Layer = { weights: Float64Array; biases: Float64Array; inputs: number; outputs: number }

/** Rows are first centred and divided; then one layer, or two with ReLU between them; then softmax. */
export type Network = { mean: Float64Array; deviation: Float64Array; layers: Layer[]; classes: number }

function newLayer(inputs: number, outputs: number, draw: () => number): Layer {
  const weights = Float64Array.from({ length: inputs * outputs }, draw)
  return { weights, biases: new Float64Array(outputs), inputs, outputs }
}

/**
 * Mean and deviation of each feature. A deviation far below the typical one is raised to half of it: a pixel that
 * hardly ever varied in training must not dominate when it varies later.
 */
export function normalisationOf(table: Table): Pick<Network, 'mean' | 'deviation'> {
  const { width, rows, values } = table
  const mean = new Float64Array(width)
  const square = new Float64Array(width)
  for (let row = 0; row < rows; row++)
    for (let feature = 0; feature < width; feature++) {
      const value = values[row * width + feature] as number
      mean[feature] = (mean[feature] as number) + value / rows
      square[feature] = (square[feature] as number) + (value * value) / rows
    }
  const deviation = square.map((value, feature) => Math.sqrt(Math.max(0, value - (mean[feature] as number) ** 2)))
  const typical = deviation.reduce((sum, value) => sum + value, 0) / Math.max(1, width)
  const floor = typical > 0 ? typical / 2 : 1
  return { mean, deviation: deviation.map((value) => Math.max(value, floor)) }
}

/** A network before training: softmax regression starts at zero, a hidden layer as He et al. 2015 advise. */
export function newNetwork(table: Table, shape: { hidden: number; classes: number }, random: Random): Network {
  const { width } = table
  const { hidden, classes } = shape
  const zero = () => 0
  const scale = Math.sqrt(2 / width)
  const layers =
    hidden === 0
      ? [newLayer(width, classes, zero)]
      : [
          newLayer(width, hidden, () => random.normal() * scale),
          newLayer(hidden, classes, () => random.normal() * Math.sqrt(1 / hidden)),
        ]
  return { ...normalisationOf(table), layers, classes }
}

function dense(layer: Layer, input: Float64Array, output: Float64Array): void {
  const { weights, biases, inputs, outputs } = layer
  output.set(biases)
  for (let i = 0; i < inputs; i++) {
    const value = input[i] as number
    if (value === 0) continue
    const from = i * outputs
    for (let j = 0; j < outputs; j++) output[j] = (output[j] as number) + value * (weights[from + j] as number)
  }
}

function softmax(logits: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY
  for (const value of logits) most = Math.max(most, value)
  let sum = 0
  for (let j = 0; j < logits.length; j++) {
    const value = Math.exp((logits[j] as number) - most)
    logits[j] = value
    sum += value
  }
  for (let j = 0; j < logits.length; j++) logits[j] = (logits[j] as number) / sum
}

/** What one row leaves in each layer; made once and filled again for every row. */
export type Activations = { input: Float64Array; hidden: Float64Array[]; probabilities: Float64Array }

export function newActivations(network: Network): Activations {
  const hidden = network.layers.slice(0, -1).map(({ outputs }) => new Float64Array(outputs))
  return {
    input: new Float64Array(network.mean.length),
    hidden,
    probabilities: new Float64Array(network.classes),
  }
}

/** Probabilities of one row's classes, in `activations.probabilities`. */
export function forward(network: Network, row: Float64Array, activations: Activations): Float64Array {
  const { input, hidden, probabilities } = activations
  for (let i = 0; i < input.length; i++)
    input[i] = ((row[i] as number) - (network.mean[i] as number)) / (network.deviation[i] as number)
  let current = input
  network.layers.forEach((layer, place) => {
    const output = hidden[place] ?? probabilities
    dense(layer, current, output)
    if (output !== probabilities) for (let j = 0; j < output.length; j++) output[j] = Math.max(0, output[j] as number)
    current = output
  })
  softmax(probabilities)
  return probabilities
}

/** Gradients in the shape of the layers. */
export type Gradients = { weights: Float64Array; biases: Float64Array }[]

export function newGradients(network: Network): Gradients {
  return network.layers.map(({ weights, biases }) => ({
    weights: new Float64Array(weights.length),
    biases: new Float64Array(biases.length),
  }))
}

/** Add one row's gradient of the cross-entropy. Call `forward` for the row before. */
export function backward(network: Network, state: { activations: Activations; label: number }, into: Gradients): void {
  const { activations, label } = state
  let delta = Float64Array.from(activations.probabilities)
  delta[label] = (delta[label] as number) - 1
  for (let place = network.layers.length - 1; place >= 0; place--) {
    const layer = network.layers[place] as Layer
    const below = place === 0 ? activations.input : (activations.hidden[place - 1] as Float64Array)
    const gradient = into[place] as Gradients[number]
    const next = new Float64Array(layer.inputs)
    for (let j = 0; j < layer.outputs; j++) gradient.biases[j] = (gradient.biases[j] as number) + (delta[j] as number)
    for (let i = 0; i < layer.inputs; i++) {
      const value = below[i] as number
      if (value === 0) continue
      const from = i * layer.outputs
      let sum = 0
      for (let j = 0; j < layer.outputs; j++) {
        const step = delta[j] as number
        gradient.weights[from + j] = (gradient.weights[from + j] as number) + value * step
        sum += step * (layer.weights[from + j] as number)
      }
      // Below a ReLU a value above zero passes its gradient on; at zero nothing does.
      next[i] = sum
    }
    delta = next
  }
}
