import { requireThat } from '../sample.ts'

/** Counts of (true class, predicted class); `counts[i][j]`: true class i predicted as class j. */
export type ConfusionMatrix = { classes: readonly string[]; counts: readonly (readonly number[])[] }

/** Precision, recall and F1 are null where their denominator is zero: nothing was predicted, or nothing was there. */
export type ClassMetrics = {
  label: string
  support: number
  precision: number | null
  recall: number | null
  f1: number | null
}

export type ClassificationMetrics = {
  accuracy: number
  balancedAccuracy: number
  macroF1: number
  weightedF1: number
  perClass: ClassMetrics[]
}

/** Builds the matrix over the classes given, or over all that occur, in order of first sight. */
export function confusionMatrix(
  truth: readonly string[],
  predicted: readonly string[],
  classes: readonly string[] = [...new Set([...truth, ...predicted])],
): ConfusionMatrix {
  requireThat(truth.length === predicted.length, 'truth and predicted must have the same length')
  const index = new Map(classes.map((label, i) => [label, i]))
  const counts = classes.map(() => new Array<number>(classes.length).fill(0))
  truth.forEach((label, row) => {
    const i = index.get(label)
    const j = index.get(predicted[row] as string)
    requireThat(i !== undefined && j !== undefined, `row ${row} has a class outside the list`)
    const line = counts[i] as number[]
    line[j] = (line[j] as number) + 1
  })
  return { classes, counts }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/**
 * F-beta of counts (van Rijsbergen 1979): (1+b^2) TP / ((1+b^2) TP + b^2 FN + FP); null where there is neither a true nor
 * a predicted case.
 */
export function fBeta({ truePositive, falsePositive, falseNegative }: BinaryCounts, beta = 1): number | null {
  const weight = beta * beta
  return ratio((1 + weight) * truePositive, (1 + weight) * truePositive + weight * falseNegative + falsePositive)
}

export type BinaryCounts = {
  truePositive: number
  falsePositive: number
  falseNegative: number
  trueNegative: number
}

/** One class against the rest. */
export function binaryCounts({ counts }: ConfusionMatrix, classIndex: number): BinaryCounts {
  const result = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      if (i === classIndex) result[j === classIndex ? 'truePositive' : 'falseNegative'] += count
      else result[j === classIndex ? 'falsePositive' : 'trueNegative'] += count
    })
  })
  return result
}

function classMetrics(matrix: ConfusionMatrix, classIndex: number): ClassMetrics {
  const counts = binaryCounts(matrix, classIndex)
  const { truePositive, falsePositive, falseNegative } = counts
  return {
    label: matrix.classes[classIndex] as string,
    support: truePositive + falseNegative,
    precision: ratio(truePositive, truePositive + falsePositive),
    recall: ratio(truePositive, truePositive + falseNegative),
    f1: fBeta(counts),
  }
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length
}

/**
 * Accuracy, balanced accuracy, macro and weighted F1 with the per-class table. In the means an undefined F1 counts as 0
 * (as scikit-learn's default) where the class was predicted or true, and is left out where it was neither.
 */
export function classificationMetrics(matrix: ConfusionMatrix): ClassificationMetrics {
  const perClass = matrix.classes.map((_, i) => classMetrics(matrix, i))
  const total = perClass.reduce((sum, c) => sum + c.support, 0)
  const correct = matrix.counts.reduce((sum, row, i) => sum + (row[i] as number), 0)
  const present = perClass.filter((c) => c.f1 !== null)
  const recalls = perClass.filter((c) => c.recall !== null).map((c) => c.recall as number)
  const weighted = present.reduce((sum, c) => sum + (c.f1 as number) * c.support, 0)
  return {
    accuracy: total === 0 ? Number.NaN : correct / total,
    balancedAccuracy: mean(recalls),
    macroF1: mean(present.map((c) => c.f1 as number)),
    weightedF1: total === 0 ? Number.NaN : weighted / total,
    perClass,
  }
}
