import { refuse } from '../refusal.ts'
import type { ClassOutput } from './fit.ts'

/** An output over all rows: `width` numbers for each. */
export type OutputValues = { name: string; width: number; values: Float64Array }
/** `predicted[i]` numbers the class of row i; `probabilities` has one per class and row, null where there are none. */
export type Predictions = { predicted: Int32Array; probabilities: Float64Array | null }

/** How far the probabilities of a row may miss a sum of one in single precision. */
const SUM_TOLERANCE = 1e-3

/** The class a model gives each row. @throws Refusal `invalid` for outputs that name no class of the dataset */
export function predictionsOf(
  outputs: readonly OutputValues[],
  args: { by: ClassOutput; classes: number; rows: number },
): Predictions {
  const { by, classes, rows } = args
  const output = outputs.find(({ name }) => name === by.name)
  const width = by.kind === 'scores' ? classes : 1
  if (!output || output.values.length !== rows * width)
    return refuse('invalid', `the output ${by.name} does not have ${width} numbers per row`, { field: 'model' })
  const { values } = output
  if (by.kind === 'number') return { predicted: numbersIn(values, { name: by.name, classes }), probabilities: null }
  const predicted = Int32Array.from({ length: rows }, (_, row) => largestIn(values, { row, classes, name: by.name }))
  return { predicted, probabilities: areProbabilities(values, classes) ? values : null }
}

function numbersIn(values: Float64Array, { name, classes }: { name: string; classes: number }): Int32Array {
  const strange = values.find((value) => !Number.isInteger(value) || value < 0 || value >= classes)
  if (strange !== undefined)
    refuse('invalid', `the output ${name} says class ${strange}; they are numbered 0 to ${classes - 1}`, {
      field: 'model',
    })
  return Int32Array.from(values)
}

function largestIn(values: Float64Array, at: { row: number; classes: number; name: string }): number {
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (let place = 0; place < at.classes; place++) {
    const score = values[at.row * at.classes + place] ?? Number.NaN
    if (Number.isNaN(score))
      refuse('invalid', `the output ${at.name} is no number in row ${at.row}`, { field: 'model' })
    if (best < 0 || score > most) [best, most] = [place, score]
  }
  return best
}

/** Logits rank classes as well, but no loss can be read off them. */
function areProbabilities(values: Float64Array, classes: number): boolean {
  for (let from = 0; from < values.length; from += classes) {
    const row = values.subarray(from, from + classes)
    const sum = row.reduce((total, value) => total + value, 0)
    if (row.some((value) => value < 0) || Math.abs(sum - 1) > SUM_TOLERANCE) return false
  }
  return true
}
