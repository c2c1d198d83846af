import {
  type Activations,
  backward,
  forward,
  type Gradients,
  type Network,
  newActivations,
  newGradients,
} from './network.ts'
import type { Random } from './random.ts'
import type { Settings } from './settings.ts'
import type { Table } from './table.ts'

export type Score = { loss: number; accuracy: number }
export type EpochReport = { epoch: number; train: Score; validation: Score | null }
type Fit = Pick<Settings, 'epochs' | 'learningRate' | 'batchSize' | 'l2'>

const rowOf = (table: Table, row: number) => table.values.subarray(row * table.width, (row + 1) * table.width)

export function indexOfMost(values: ArrayLike<number>): number {
  let best = 0
  for (let j = 1; j < values.length; j++) if ((values[j] as number) > (values[best] as number)) best = j
  return best
}

/** Mean cross-entropy in nats and share of right answers. */
export function scoreOf(network: Network, table: Table): Score {
  const activations = newActivations(network)
  let loss = 0
  let right = 0
  for (let row = 0; row < table.rows; row++) {
    const probabilities = forward(network, rowOf(table, row), activations)
    const label = table.labels[row] as number
    loss -= Math.log(Math.max(1e-15, probabilities[label] as number))
    if (indexOfMost(probabilities) === label) right++
  }
  return { loss: loss / table.rows, accuracy: right / table.rows }
}

/** Adam (Kingma and Ba 2015) with its usual constants, for one array of parameters. */
function newAdam(size: number) {
  const first = new Float64Array(size)
  const second = new Float64Array(size)
  return (values: Float64Array, gradient: Float64Array, step: { rate: number; count: number; l2: number }) => {
    const debias1 = 1 - 0.9 ** step.count
    const debias2 = 1 - 0.999 ** step.count
    for (let i = 0; i < size; i++) {
      const slope = (gradient[i] as number) + step.l2 * (values[i] as number)
      const m = 0.9 * (first[i] as number) + 0.1 * slope
      const v = 0.999 * (second[i] as number) + 0.001 * slope * slope
      first[i] = m
      second[i] = v
      values[i] = (values[i] as number) - (step.rate * (m / debias1)) / (Math.sqrt(v / debias2) + 1e-8)
    }
  }
}

/**
 * Train in place and hear of every epoch. The rate falls along half a cosine to a hundredth, so that the last epochs
 * settle. The same table, settings and seed give the same network to the last bit.
 */
export function trainNetwork(
  network: Network,
  parts: { train: Table; validation: Table | null },
  args: { fit: Fit; random: Random; onEpoch: (report: EpochReport) => void },
): void {
  const { train, validation } = parts
  const { fit, random, onEpoch } = args
  const order = Int32Array.from({ length: train.rows }, (_, row) => row)
  const optimizer = newOptimizer(network)
  const state = { activations: newActivations(network), gradients: newGradients(network) }
  for (let epoch = 1; epoch <= fit.epochs; epoch++) {
    const rate = fit.learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (epoch - 1)) / fit.epochs)))
    random.shuffle(order)
    for (let from = 0; from < order.length; from += fit.batchSize) {
      const batch = order.subarray(from, from + fit.batchSize)
      meanGradient(network, { table: train, batch }, state)
      optimizer(state.gradients, { rate, l2: fit.l2 })
    }
    onEpoch({ epoch, train: scoreOf(network, train), validation: validation && scoreOf(network, validation) })
  }
}

function newOptimizer(network: Network) {
  const steps = network.layers.map(({ weights, biases }) => ({
    weights: newAdam(weights.length),
    biases: newAdam(biases.length),
  }))
  let count = 0
  return (gradients: Gradients, args: { rate: number; l2: number }) => {
    count++
    network.layers.forEach((layer, place) => {
      const gradient = gradients[place] as Gradients[number]
      steps[place]?.weights(layer.weights, gradient.weights, { ...args, count })
      steps[place]?.biases(layer.biases, gradient.biases, { rate: args.rate, count, l2: 0 })
    })
  }
}

/** The mean gradient of a batch, in `state.gradients`. */
export function meanGradient(
  network: Network,
  rows: { table: Table; batch: Int32Array },
  state: { activations: Activations; gradients: Gradients },
): void {
  for (const { weights, biases } of state.gradients) {
    weights.fill(0)
    biases.fill(0)
  }
  for (const row of rows.batch) {
    forward(network, rowOf(rows.table, row), state.activations)
    const label = rows.table.labels[row] as number
    backward(network, { activations: state.activations, label }, state.gradients)
  }
  const share = 1 / Math.max(1, rows.batch.length)
  for (const { weights, biases } of state.gradients) {
    for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) * share
    for (let i = 0; i < biases.length; i++) biases[i] = (biases[i] as number) * share
  }
}
