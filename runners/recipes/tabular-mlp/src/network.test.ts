import { expect, test } from 'vitest'
import { type Network, newActivations, newGradients, newNetwork } from './network.ts'
import { seededRandom } from './random.ts'
import type { Table } from './table.ts'
import { meanGradient, scoreOf, trainNetwork } from './train.ts'

/** Three classes of points around three corners of a plane, with a feature of noise. */
function cloud(rows: number, seed: number): Table {
  const random = seededRandom(seed)
  const values = new Float64Array(rows * 3)
  const labels = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const label = row % 3
    labels[row] = label
    values.set(
      [Math.cos(label * 2) * 3 + random.normal(), Math.sin(label * 2) * 3 + random.normal(), random.unit()],
      row * 3,
    )
  }
  return { values, width: 3, labels, rows, features: ['a', 'b', 'c'] }
}

function trained(hidden: number, seed: number): Network {
  const train = cloud(120, 7)
  const random = seededRandom(seed)
  const network = newNetwork(train, { hidden, classes: 3 }, random)
  const fit = { epochs: 20, learningRate: 0.02, batchSize: 16, l2: 0.001 }
  trainNetwork(network, { train, validation: null }, { fit, random, onEpoch: () => {} })
  return network
}

test.each([0, 5])('the gradient is the slope of the loss, with %i hidden units', (hidden) => {
  const table = cloud(24, 3)
  const network = newNetwork(table, { hidden, classes: 3 }, seededRandom(11))
  const random = seededRandom(5)
  for (const { weights, biases } of network.layers) {
    for (let i = 0; i < weights.length; i++) weights[i] = random.normal() * 0.5
    for (let i = 0; i < biases.length; i++) biases[i] = random.normal() * 0.5
  }
  const state = { activations: newActivations(network), gradients: newGradients(network) }
  meanGradient(network, { table, batch: Int32Array.from({ length: 24 }, (_, row) => row) }, state)
  const step = 1e-6
  network.layers.forEach((layer, place) => {
    for (const kind of ['weights', 'biases'] as const) {
      const values = layer[kind]
      for (let i = 0; i < values.length; i++) {
        const kept = values[i] as number
        values[i] = kept + step
        const above = scoreOf(network, table).loss
        values[i] = kept - step
        const below = scoreOf(network, table).loss
        values[i] = kept
        expect(state.gradients[place]?.[kind][i]).toBeCloseTo((above - below) / (2 * step), 6)
      }
    }
  })
})

test.each([0, 8])('the same seed gives the same network to the last bit, with %i hidden units', (hidden) => {
  const [one, two, other] = [trained(hidden, 1), trained(hidden, 1), trained(hidden, 2)]
  expect(one.layers.map(({ weights }) => weights)).toEqual(two.layers.map(({ weights }) => weights))
  expect(one.layers[0]?.weights).not.toEqual(other.layers[0]?.weights)
})

test.each([0, 8])('it learns what can be told apart, with %i hidden units', (hidden) => {
  expect(scoreOf(trained(hidden, 1), cloud(300, 99)).accuracy).toBeGreaterThan(0.93)
})

test('a feature that never varied in training does not blow up when it varies later', () => {
  const table = cloud(60, 1)
  for (let row = 0; row < table.rows; row++) table.values[row * 3 + 2] = 4
  const { deviation } = newNetwork(table, { hidden: 0, classes: 3 }, seededRandom(1))
  expect(deviation[2]).toBeGreaterThan(0.1)
})
