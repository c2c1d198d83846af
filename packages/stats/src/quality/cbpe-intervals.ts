import type { Interval } from '../proportions.ts'
import { midRanks } from '../ranks.ts'
import { requireOpenProbability, requireThat, type Sample } from '../sample.ts'
import type { Random } from './bootstrap.ts'
import { fBeta } from './confusion.ts'

/** The measures of a binary classifier that intervals are given for. */
export type PerformanceIntervals = Record<'accuracy' | 'precision' | 'recall' | 'f1' | 'auc', Interval | null>

export type PerformanceIntervalOptions = {
  random: Random
  threshold?: number
  confidence?: number
  /** Default 500. */
  replicates?: number
}

type Counts = { truePositive: number; falsePositive: number; falseNegative: number; trueNegative: number }

/** NaN where a measure has no denominator in this replicate. */
function measures(counts: Counts, rankSum: number): Record<keyof PerformanceIntervals, number> {
  const { truePositive, falsePositive, falseNegative, trueNegative } = counts
  const positives = truePositive + falseNegative
  const negatives = falsePositive + trueNegative
  return {
    accuracy: (truePositive + trueNegative) / (positives + negatives),
    precision: truePositive / (truePositive + falsePositive),
    recall: truePositive / positives,
    f1: fBeta(counts) ?? Number.NaN,
    auc: (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives),
  }
}

function central(values: readonly number[], confidence: number): Interval | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  if (sorted.length < values.length / 2) return null
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))] as number
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) }
}

/**
 * Where the realised measures of these very rows would lie if the probabilities are right: labels are drawn from them
 * again and again (parametric bootstrap, Efron & Tibshirani 1993, ch. 6) and each measure is taken. Null where a measure
 * is undefined in most draws. As blind to a change of concept as the estimate itself.
 */
export function performanceIntervals(probabilities: Sample, options: PerformanceIntervalOptions): PerformanceIntervals {
  const { random, threshold = 0.5, confidence = 0.95, replicates = 500 } = options
  requireThat(probabilities.length > 0, 'no probabilities')
  requireThat(
    Number.isInteger(replicates) && replicates >= 20,
    `replicates must be a whole number >= 20, got ${replicates}`,
  )
  requireOpenProbability(confidence, 'confidence')
  const { ranks } = midRanks(probabilities)
  const drawn: Record<keyof PerformanceIntervals, number[]> = {
    accuracy: [],
    precision: [],
    recall: [],
    f1: [],
    auc: [],
  }
  for (let replicate = 0; replicate < replicates; replicate++) {
    const counts = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
    let rankSum = 0
    for (let i = 0; i < probabilities.length; i++) {
      const p = probabilities[i] as number
      requireThat(p >= 0 && p <= 1, `row ${i} is not a probability: ${p}`)
      const called = p >= threshold
      if (random() < p) {
        counts[called ? 'truePositive' : 'falseNegative'] += 1
        rankSum += ranks[i] as number
      } else counts[called ? 'falsePositive' : 'trueNegative'] += 1
    }
    const taken = measures(counts, rankSum)
    for (const name of Object.keys(drawn) as (keyof PerformanceIntervals)[]) drawn[name].push(taken[name])
  }
  return {
    accuracy: central(drawn.accuracy, confidence),
    precision: central(drawn.precision, confidence),
    recall: central(drawn.recall, confidence),
    f1: central(drawn.f1, confidence),
    auc: central(drawn.auc, confidence),
  }
}
