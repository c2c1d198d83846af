import { clopperPearsonInterval, type Interval } from '../proportions.ts'
import { midRanks } from '../ranks.ts'
import { requireOpenProbability, requireThat, type Sample } from '../sample.ts'
import { normalQuantile, normalSf } from '../special/normal.ts'
import { type LabelledScores, requireLabelled } from './labelled.ts'

export type AucEstimate = { auc: number; standardError: number; positives: number; negatives: number }

/** Per positive: share of negatives below it; per negative: share of positives above it (placements). */
type Placements = { positive: Float64Array; negative: Float64Array }

/** Placements from three rankings, O(n log n) (Sun & Xu 2014). */
function placements({ labels, scores }: LabelledScores): Placements {
  const rows = Array.from({ length: scores.length }, (_, i) => i)
  const positiveRows = rows.filter((i) => Number(labels[i]) === 1)
  const negativeRows = rows.filter((i) => Number(labels[i]) === 0)
  const all = midRanks(scores).ranks
  const within = (subset: number[]) => midRanks(Float64Array.from(subset, (i) => scores[i] as number)).ranks
  const positiveRanks = within(positiveRows)
  const negativeRanks = within(negativeRows)
  const m = positiveRows.length
  const n = negativeRows.length
  return {
    positive: Float64Array.from(positiveRows, (row, k) => ((all[row] as number) - (positiveRanks[k] as number)) / n),
    negative: Float64Array.from(
      negativeRows,
      (row, k) => 1 - ((all[row] as number) - (negativeRanks[k] as number)) / m,
    ),
  }
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

/** Sample covariance; zero for a single row, which says nothing about spread. */
function covariance(a: Float64Array, b: Float64Array): number {
  if (a.length < 2) return 0
  const meanA = mean(a)
  const meanB = mean(b)
  let sum = 0
  a.forEach((value, i) => {
    sum += (value - meanA) * ((b[i] as number) - meanB)
  })
  return sum / (a.length - 1)
}

function jointCovariance(a: Placements, b: Placements): number {
  const fromPositive = covariance(a.positive, b.positive) / a.positive.length
  return fromPositive + covariance(a.negative, b.negative) / a.negative.length
}

function requireBothClasses({ positive, negative }: Placements): void {
  requireThat(positive.length > 0 && negative.length > 0, 'AUC needs at least one row of each class')
}

/** AUC with DeLong's standard error (DeLong, DeLong & Clarke-Pearson 1988). */
export function delongAuc(input: LabelledScores): AucEstimate {
  requireLabelled(input)
  const placed = placements(input)
  requireBothClasses(placed)
  return {
    auc: mean(placed.positive),
    standardError: Math.sqrt(jointCovariance(placed, placed)),
    positives: placed.positive.length,
    negatives: placed.negative.length,
  }
}

/**
 * Confidence interval of an AUC. `logit` (default) builds it on the log-odds (Qin & Hotilovac 2008) and covers 93-96 % from
 * 200 rows on where the plain one covers 90 %. An AUC of 0 or 1 has no standard error: the bound then is
 * Clopper-Pearson's for as many pairs as the smaller class has rows.
 */
export function aucInterval(estimate: AucEstimate, confidence = 0.95, scale: 'logit' | 'plain' = 'logit'): Interval {
  requireOpenProbability(confidence, 'confidence')
  const { auc, standardError } = estimate
  const pairs = Math.min(estimate.positives, estimate.negatives)
  if (auc <= 0 || auc >= 1) return clopperPearsonInterval({ successes: auc <= 0 ? 0 : pairs, total: pairs }, confidence)
  const z = normalQuantile(0.5 + confidence / 2)
  if (scale === 'plain') {
    return { low: Math.max(0, auc - z * standardError), high: Math.min(1, auc + z * standardError) }
  }
  const center = Math.log(auc / (1 - auc))
  const spread = (z * standardError) / (auc * (1 - auc))
  return { low: 1 / (1 + Math.exp(spread - center)), high: 1 / (1 + Math.exp(-spread - center)) }
}

export type AucComparison = { difference: number; standardError: number; z: number; pValue: number }

/**
 * Two models on the SAME rows: difference of AUCs (first minus second), with the covariance that the shared rows bring
 * (DeLong et al. 1988). Two-sided p; identical scores give p = 1.
 */
export function delongPaired(labels: LabelledScores['labels'], first: Sample, second: Sample): AucComparison {
  requireLabelled({ labels, scores: first })
  requireLabelled({ labels, scores: second })
  const a = placements({ labels, scores: first })
  const b = placements({ labels, scores: second })
  requireBothClasses(a)
  const variance = jointCovariance(a, a) + jointCovariance(b, b) - 2 * jointCovariance(a, b)
  const difference = mean(a.positive) - mean(b.positive)
  const standardError = Math.sqrt(Math.max(0, variance))
  const z = difference === 0 ? 0 : difference / standardError
  return { difference, standardError, z, pValue: Math.min(1, 2 * normalSf(Math.abs(z))) }
}
