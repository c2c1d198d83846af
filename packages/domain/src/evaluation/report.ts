import { classificationMetrics, confusionMatrix, reportScores, wilsonInterval } from '@modelyard/stats'
import type { Predictions } from './predict.ts'
import { findWeakSlices, type SliceInput } from './slices.ts'

/** A probability of zero would make the loss infinite for one row. */
const LEAST_PROBABILITY = 1e-15

export type Evaluated = Predictions & {
  classes: readonly string[]
  /** `truth[i]` numbers the true class of row i. */
  truth: Int32Array
  /** Of single runs, ascending. */
  latencyMs: readonly number[]
  batchRows: number
  /** What the rows are sliced by. */
  features: Omit<SliceInput, 'correct'>
}

/**
 * What is reported of a classifier on the test part: rates with their interval, each class, confusion, curves and
 * calibration where there are probabilities, the rows it does worst on, latency.
 */
export function reportOnTest(evaluated: Evaluated) {
  const { classes, truth, predicted, probabilities, latencyMs, batchRows, features } = evaluated
  const named = (numbers: Int32Array) => Array.from(numbers, (number) => classes[number] ?? '')
  const matrix = confusionMatrix(named(truth), named(predicted), classes)
  const metrics = classificationMetrics(matrix)
  const correct = Uint8Array.from(truth, (label, row) => Number(label === predicted[row]))
  const successes = correct.reduce((sum, each) => sum + each, 0)
  const scored = probabilities && reportScores({ classes, truth, probabilities })
  const { low, high } = wilsonInterval({ successes, total: truth.length })
  const at = (share: number) => latencyMs[Math.min(latencyMs.length - 1, Math.floor(share * latencyMs.length))] ?? 0
  return {
    split: 'test' as const,
    rows: truth.length,
    accuracy: metrics.accuracy,
    accuracyInterval: [low, high] as [number, number],
    macroF1: metrics.macroF1,
    logLoss: lossOf(evaluated),
    classes: [...classes],
    // A class that was never predicted has no precision; as in the means, it counts as zero.
    perClass: metrics.perClass.map(({ label, precision, recall, f1, support }) => {
      return { label, precision: precision ?? 0, recall: recall ?? 0, f1: f1 ?? 0, support }
    }),
    confusion: matrix.counts.map((row) => [...row]),
    curves: scored?.curves ?? null,
    calibration: scored?.calibration ?? null,
    slices: findWeakSlices({ ...features, correct }),
    latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), runs: latencyMs.length, batchRows },
  }
}

function lossOf({ probabilities, truth, classes }: Evaluated): number | null {
  if (!probabilities) return null
  let loss = 0
  truth.forEach((label, row) => {
    loss -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[row * classes.length + label] ?? 0))
  })
  return loss / truth.length
}
