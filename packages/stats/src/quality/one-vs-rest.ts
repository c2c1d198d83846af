import { requireThat, type Sample } from '../sample.ts'
import { type ReliabilityBin, reliabilityTable } from './calibration.ts'
import { type LabelledScores, ranked, requireLabelled } from './labelled.ts'

/** A score for each class and row, row after row; `truth[i]` numbers the class of row i. */
export type ClassScores = { truth: ArrayLike<number>; scores: Sample; classes: number }

/** Steps of a curve: its values are told at x = 0, 0.01, ... 1. */
export const CURVE_STEPS = 100

/** One class against all others. Of `roc[i]` the x is the false-positive rate, of `precision[i]` the recall. */
export type ClassCurves = { auc: number; averagePrecision: number; roc: number[]; precision: number[] }
/** A class that has no row, or every row, has no curve; `macro` is the plain mean over those that have. */
export type OneVsRest = { perClass: (ClassCurves | null)[]; macro: ClassCurves | null }

/** ROC and precision-recall curves of each class against the rest, and their mean over classes (Fawcett 2006, section 9). */
export function oneVsRestCurves(input: ClassScores): OneVsRest {
  requireShape(input)
  const perClass = Array.from({ length: input.classes }, (_, label) => curvesOf(against(input, label)))
  const known = perClass.filter((curves) => curves !== null)
  const mean = (of: (curves: ClassCurves) => number) => known.reduce((sum, each) => sum + of(each), 0) / known.length
  const meanCurve = (of: (curves: ClassCurves) => number[]) =>
    Array.from({ length: CURVE_STEPS + 1 }, (_, step) => mean((curves) => of(curves)[step] as number))
  if (known.length === 0) return { perClass, macro: null }
  const macro = {
    auc: mean(({ auc }) => auc),
    averagePrecision: mean((curves) => curves.averagePrecision),
    roc: meanCurve(({ roc }) => roc),
    precision: meanCurve(({ precision }) => precision),
  }
  return { perClass, macro }
}

/** How sure the model is of its answer against how often it is right: a reliability table over the largest probability. */
export function topLabelReliability(input: ClassScores, bins = 10): ReliabilityBin[] {
  requireShape(input)
  const rows = input.truth.length
  const scores = new Float64Array(rows)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let label = 1; label < input.classes; label++)
      if (scoreAt(input, row, label) > scoreAt(input, row, best)) best = label
    scores[row] = Math.min(1, scoreAt(input, row, best))
    labels[row] = Number(best === input.truth[row])
  }
  return reliabilityTable({ labels, scores }, bins)
}

function requireShape({ truth, scores, classes }: ClassScores): void {
  requireThat(Number.isInteger(classes) && classes >= 2, `there must be two classes or more, got ${classes}`)
  requireThat(scores.length === truth.length * classes, 'there must be one score for each class and row')
}

const scoreAt = ({ scores, classes }: ClassScores, row: number, label: number) =>
  scores[row * classes + label] as number

function against({ truth, scores, classes }: ClassScores, label: number): LabelledScores {
  const labels = new Uint8Array(truth.length)
  const own = new Float64Array(truth.length)
  for (let row = 0; row < truth.length; row++) {
    labels[row] = Number(truth[row] === label)
    own[row] = scores[row * classes + label] as number
  }
  return { labels, scores: own }
}

/** Rows at or above each threshold, from the highest down; at place 0 none. `last` is the place where all are. */
type Reached = { positive: Float64Array; negative: Float64Array; last: number }

function curvesOf(input: LabelledScores): ClassCurves | null {
  const reached = reachedBy(input)
  const { positive, negative, last } = reached
  const all = { positive: countAt(positive, last), negative: countAt(negative, last) }
  if (all.positive === 0 || all.negative === 0) return null
  let area = 0
  let precision = 0
  for (let at = 1; at <= last; at++) {
    const [before, now] = [countAt(positive, at - 1), countAt(positive, at)]
    area += ((countAt(negative, at) - countAt(negative, at - 1)) * (now + before)) / 2
    precision += (now - before) * precisionAt(reached, at)
  }
  return {
    auc: area / (all.positive * all.negative),
    averagePrecision: precision / all.positive,
    roc: rocAtSteps(reached),
    precision: precisionAtSteps(reached),
  }
}

function reachedBy(input: LabelledScores): Reached {
  requireLabelled(input)
  const { scores, labels } = ranked(input)
  const total = scores.length
  const reached = { positive: new Float64Array(total + 1), negative: new Float64Array(total + 1), last: 0 }
  let positive = 0
  for (let row = total - 1; row >= 0; row--) {
    positive += labels[row] as number
    if (scores[row] === scores[row - 1]) continue
    reached.last++
    reached.positive[reached.last] = positive
    reached.negative[reached.last] = total - row - positive
  }
  return reached
}

const countAt = (counts: Float64Array, at: number) => counts[at] as number
const precisionAt = ({ positive, negative }: Reached, at: number) =>
  countAt(positive, at) / (countAt(positive, at) + countAt(negative, at))

/** Straight between thresholds, as the area is taken; where the curve stands upright, its upper end. */
function rocAtSteps({ positive, negative, last }: Reached): number[] {
  let at = 0
  const falseRate = (place: number) => countAt(negative, place) / countAt(negative, last)
  const trueRate = (place: number) => countAt(positive, place) / countAt(positive, last)
  return Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
    const x = step / CURVE_STEPS
    while (at < last && falseRate(at + 1) <= x) at++
    if (at === last) return 1
    const share = (x - falseRate(at)) / (falseRate(at + 1) - falseRate(at))
    return trueRate(at) + share * (trueRate(at + 1) - trueRate(at))
  })
}

/** Precision at the highest threshold that reaches the recall: the stairs whose area is the average precision. */
function precisionAtSteps(reached: Reached): number[] {
  const { positive, last } = reached
  let at = 1
  return Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
    while (at < last && countAt(positive, at) / countAt(positive, last) < step / CURVE_STEPS) at++
    return precisionAt(reached, at)
  })
}
