import type { Interval } from '../proportions.ts'
import { requireOpenProbability, requireThat, type Sample } from '../sample.ts'
import { normalQuantile } from '../special/normal.ts'
import type { BinaryCounts } from './confusion.ts'
import { fBeta } from './confusion.ts'
import { expectedRocAuc } from './roc.ts'

export type ExpectedPerformance = {
  /** Expected confusion counts: sums of probabilities. */
  counts: BinaryCounts
  accuracy: number
  /** Where the realised accuracy of these very rows would lie, if the probabilities are right. */
  accuracyInterval: Interval
  precision: number | null
  recall: number | null
  f1: number | null
  auc: number
}

/**
 * Confidence-based performance estimation (Bialek et al. 2024, arXiv:2401.08348): what a binary classifier would score on
 * rows without labels, from calibrated probabilities alone. The interval is the normal limit of the Poisson-binomial number
 * of hits, variance sum p(1-p). Blind to a change of the relation between features and label: show it as "expected if the
 * concept is unchanged", and calibrate first ({@link fitIsotonic}).
 */
export function estimatePerformance(
  probabilities: Sample,
  { threshold = 0.5, confidence = 0.95 }: { threshold?: number; confidence?: number } = {},
): ExpectedPerformance {
  requireThat(probabilities.length > 0, 'no probabilities')
  requireOpenProbability(confidence, 'confidence')
  const counts = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  let variance = 0
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number
    requireThat(p >= 0 && p <= 1, `row ${i} is not a probability: ${p}`)
    const positive = p >= threshold
    counts[positive ? 'truePositive' : 'falseNegative'] += p
    counts[positive ? 'falsePositive' : 'trueNegative'] += 1 - p
    variance += p * (1 - p)
  }
  const n = probabilities.length
  const accuracy = (counts.truePositive + counts.trueNegative) / n
  const half = (normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance)) / n
  const called = counts.truePositive + counts.falsePositive
  const there = counts.truePositive + counts.falseNegative
  return {
    counts,
    accuracy,
    accuracyInterval: { low: Math.max(0, accuracy - half), high: Math.min(1, accuracy + half) },
    precision: called === 0 ? null : counts.truePositive / called,
    recall: there === 0 ? null : counts.truePositive / there,
    f1: fBeta(counts),
    auc: expectedRocAuc(probabilities),
  }
}
