import type { Sample } from '../sample.ts'
import { descending, type LabelledScores, requireLabelled } from './labelled.ts'

/** One threshold: rows with a score >= threshold are called positive. */
export type RocPoint = { threshold: number; truePositiveRate: number; falsePositiveRate: number; precision: number }

/** Weight that a row has as a positive and as a negative: 1/0 for labels, p/(1-p) for expectations. */
type Weights = { positive: (row: number) => number; negative: (row: number) => number }

type Cumulative = { threshold: number; positive: number; negative: number }

/** Cumulated weights at each distinct score, from the highest down. */
function cumulate(scores: Sample, weights: Weights): Cumulative[] {
  const order = descending(scores)
  const points: Cumulative[] = []
  let positive = 0
  let negative = 0
  order.forEach((row, i) => {
    positive += weights.positive(row)
    negative += weights.negative(row)
    const threshold = scores[row] as number
    const isLastOfTie = i + 1 === order.length || scores[order[i + 1] as number] !== threshold
    if (isLastOfTie) points.push({ threshold, positive, negative })
  })
  return points
}

function labelWeights({ labels }: LabelledScores): Weights {
  return { positive: (row) => Number(labels[row]), negative: (row) => 1 - Number(labels[row]) }
}

/** The ROC and precision-recall curves as one table, highest threshold first. Rates of a class without rows are NaN. */
export function rocCurve(input: LabelledScores): RocPoint[] {
  requireLabelled(input)
  const points = cumulate(input.scores, labelWeights(input))
  const total = points[points.length - 1] as Cumulative
  return points.map(({ threshold, positive, negative }) => ({
    threshold,
    truePositiveRate: positive / total.positive,
    falsePositiveRate: negative / total.negative,
    precision: positive / (positive + negative),
  }))
}

/** Area by trapezoids over cumulated weights, which gives tied pairs one half. */
function area(points: readonly Cumulative[]): number {
  let sum = 0
  let before = { positive: 0, negative: 0 }
  for (const point of points) {
    sum += ((point.negative - before.negative) * (point.positive + before.positive)) / 2
    before = point
  }
  return sum / (before.positive * before.negative)
}

/** Area under the ROC curve: P(score of a positive > score of a negative), ties one half. NaN if a class is missing. */
export function rocAuc(input: LabelledScores): number {
  requireLabelled(input)
  return area(cumulate(input.scores, labelWeights(input)))
}

/** The same expected from calibrated probabilities instead of labels (weighted ROC, as in CBPE). */
export function expectedRocAuc(probabilities: Sample): number {
  const p = (row: number) => probabilities[row] as number
  return area(cumulate(probabilities, { positive: p, negative: (row) => 1 - p(row) }))
}

/** Average precision: sum of precision times the step in recall, without interpolation. NaN without a positive. */
export function averagePrecision(input: LabelledScores): number {
  requireLabelled(input)
  const points = cumulate(input.scores, labelWeights(input))
  const total = (points[points.length - 1] as Cumulative).positive
  let sum = 0
  let before = 0
  for (const { positive, negative } of points) {
    sum += ((positive - before) / total) * (positive / (positive + negative))
    before = positive
  }
  return sum
}
