import type { Sample } from '../sample.ts'
import type { ReliabilityBin } from './calibration.ts'
import { type ClassCurves, type ClassScores, oneVsRestCurves, topLabelReliability } from './one-vs-rest.ts'

/** Classes whose curves are kept; with more, those that are told apart worst. */
export const MAX_CURVE_CLASSES = 20
/** Scores that are looked at; of more rows an even sample, so that a report takes a fraction of a second. */
const MAX_SCORES = 1_000_000
/** Digits behind the point: a curve is looked at, not computed with. */
const DECIMALS = 5

/** Probabilities row after row in the order of `classes`; `truth[i]` numbers the class of row i. */
export type ClassProbabilities = { classes: readonly string[]; truth: ArrayLike<number>; probabilities: Sample }
export type ScoreReport = {
  /** At most `MAX_CURVE_CLASSES`, in the order of `classes`; `macro` is the mean over all that have rows. */
  curves: { perClass: (ClassCurves & { label: string })[]; macro: ClassCurves } | null
  /** `ece`: mean gap between how sure and how often right, over bins of equal mass. */
  calibration: { ece: number; bins: ReliabilityBin[] }
}

/** What a report of a classifier keeps of its probabilities: bounded in size and rounded. */
export function reportScores({ classes, truth, probabilities }: ClassProbabilities): ScoreReport {
  const input = evenly({ truth, scores: probabilities, classes: classes.length })
  const { perClass, macro } = oneVsRestCurves(input)
  const known = perClass.flatMap((curves, place) => (curves ? [{ place, label: classes[place] ?? '', curves }] : []))
  const shown = known
    .toSorted((a, b) => a.curves.auc - b.curves.auc)
    .slice(0, MAX_CURVE_CLASSES)
    .toSorted((a, b) => a.place - b.place)
  const bins = topLabelReliability(input)
  const ece = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.meanProbability - bin.observedRate), 0)
  return {
    curves: macro && {
      perClass: shown.map(({ label, curves }) => ({ label, ...rounded(curves) })),
      macro: rounded(macro),
    },
    calibration: { ece: ece / input.truth.length, bins },
  }
}

function evenly(input: ClassScores): ClassScores {
  const { truth, scores, classes } = input
  const stride = Math.ceil((truth.length * classes) / MAX_SCORES)
  if (stride <= 1) return input
  const rows = Math.floor(truth.length / stride)
  const kept = { truth: new Int32Array(rows), scores: new Float64Array(rows * classes), classes }
  for (let row = 0; row < rows; row++) {
    kept.truth[row] = truth[row * stride] as number
    for (let label = 0; label < classes; label++)
      kept.scores[row * classes + label] = scores[row * stride * classes + label] as number
  }
  return kept
}

function rounded({ auc, averagePrecision, roc, precision }: ClassCurves): ClassCurves {
  const short = (curve: readonly number[]) => curve.map((value) => Number(value.toFixed(DECIMALS)))
  return { auc, averagePrecision, roc: short(roc), precision: short(precision) }
}
