/** What a model's outputs say about each row: a label and how sure it is. */
import type { SnapshotEndpoint } from '@modelyard/contracts/gateway'
import { elements, type Tensor } from '@modelyard/domain/tensor/tensor'

type Variant = SnapshotEndpoint['variants'][number]

/** `score` is the probability (or logit) of the label, or the value of a regression. Not-a-number becomes null. */
export type Reading = { label: string | null; score: number | null; probabilities: (number | null)[] }

type Numbers = ArrayLike<number | bigint>

const finite = (value: number | bigint | undefined): number | null => {
  const number = Number(value)
  return value !== undefined && Number.isFinite(number) ? number : null
}

function isColumn({ shape }: Tensor): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1)
}

function largest(values: readonly (number | null)[]): number {
  let best = -1
  values.forEach((value, index) => {
    if (value !== null && (best === -1 || value > (values[best] ?? Number.NEGATIVE_INFINITY))) best = index
  })
  return best
}

/**
 * Reads every row: classes come from an integer output of one number per row where there is one, else from the largest
 * of a row of scores; a single score is a probability of the second of two classes, or a plain value.
 */
export function readOutputs(variant: Variant, outputs: readonly Tensor[], rows: number): Reading[] {
  const labels = outputs.find((output) => /^u?int/.test(output.dtype) && isColumn(output))
  const scores = outputs.find((output) => output.dtype.startsWith('float') && output.shape[0] === rows)
  const labelValues: Numbers | undefined = labels && elements(labels)
  const scoreValues: Numbers | undefined = scores && elements(scores)
  const width = scores && scoreValues ? scoreValues.length / rows : 0
  return Array.from({ length: rows }, (_, row) => {
    const probabilities: (number | null)[] = []
    for (let index = 0; index < width; index++) probabilities.push(finite(scoreValues?.[row * width + index]))
    return readRow(variant.classes, probabilities, labelValues === undefined ? null : finite(labelValues[row]))
  })
}

function readRow(classes: readonly string[], probabilities: (number | null)[], given: number | null): Reading {
  const nameOf = (index: number) => classes[index] ?? String(index)
  if (probabilities.length === 1) {
    const score = probabilities[0] ?? null
    const second = classes.length === 2 && score !== null ? nameOf(score >= 0.5 ? 1 : 0) : null
    return { label: given === null ? second : nameOf(given), score, probabilities }
  }
  const index = given ?? largest(probabilities)
  return { label: index < 0 ? null : nameOf(index), score: probabilities[index] ?? null, probabilities }
}
