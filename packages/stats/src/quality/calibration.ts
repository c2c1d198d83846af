import { requireThat } from '../sample.ts'
import { type LabelledScores, ranked, requireProbabilities } from './labelled.ts'

/** Mean squared gap between probability and outcome (Brier 1950); 0 is perfect, 0.25 is what always saying 1/2 gets. */
export function brierScore(input: LabelledScores): number {
  requireProbabilities(input)
  let sum = 0
  for (let i = 0; i < input.scores.length; i++) sum += ((input.scores[i] as number) - Number(input.labels[i])) ** 2
  return sum / input.scores.length
}

/** Probabilities are held this far from 0 and 1 (double's epsilon, as scikit-learn), so one sure mistake costs 36 nats. */
const CLIP = Number.EPSILON

/** Mean negative log-likelihood in nats (Good 1952). */
export function logLoss(input: LabelledScores): number {
  requireProbabilities(input)
  let sum = 0
  for (let i = 0; i < input.scores.length; i++) {
    const p = Math.min(1 - CLIP, Math.max(CLIP, input.scores[i] as number))
    sum -= Number(input.labels[i]) === 1 ? Math.log(p) : Math.log1p(-p)
  }
  return sum / input.scores.length
}

/** One line of a reliability table. */
export type ReliabilityBin = { from: number; to: number; count: number; meanProbability: number; observedRate: number }

/** Reliability table over bins of equal mass (rows in order of probability, cut into `bins` parts; ties stay together). */
export function reliabilityTable(input: LabelledScores, bins = 10): ReliabilityBin[] {
  requireProbabilities(input)
  requireThat(Number.isInteger(bins) && bins >= 1, `bins must be a whole number >= 1, got ${bins}`)
  const { labels, scores } = ranked(input)
  const n = scores.length
  const table: ReliabilityBin[] = []
  for (let start = 0; start < n; ) {
    let end = Math.max(start + 1, Math.ceil(((table.length + 1) * n) / bins))
    while (end < n && scores[end] === scores[end - 1]) end++
    end = Math.min(n, end)
    let probability = 0
    let positive = 0
    for (let k = start; k < end; k++) {
      probability += scores[k] as number
      positive += labels[k] as number
    }
    const count = end - start
    table.push({
      from: scores[start] as number,
      to: scores[end - 1] as number,
      count,
      meanProbability: probability / count,
      observedRate: positive / count,
    })
    start = end
  }
  return table
}

/** Mean gap between probability and observed rate over bins of equal mass (Naeini et al. 2015; Nguyen & O'Connor 2015). */
export function expectedCalibrationError(input: LabelledScores, bins = 10): number {
  return reliabilityTable(input, bins).reduce((sum, bin) => {
    return sum + (bin.count / input.scores.length) * Math.abs(bin.meanProbability - bin.observedRate)
  }, 0)
}

/** Brier = reliability - resolution + uncertainty (Murphy 1973), over bins of equal mass. */
export type BrierDecomposition = { reliability: number; resolution: number; uncertainty: number }

/** Murphy's parts; they add up to the Brier score of the binned probabilities. */
export function brierDecomposition(input: LabelledScores, bins = 10): BrierDecomposition {
  const table = reliabilityTable(input, bins)
  const n = input.scores.length
  const rate = table.reduce((sum, bin) => sum + bin.observedRate * bin.count, 0) / n
  const weighted = (gap: (bin: ReliabilityBin) => number) =>
    table.reduce((sum, b) => sum + (b.count / n) * gap(b) ** 2, 0)
  return {
    reliability: weighted((bin) => bin.meanProbability - bin.observedRate),
    resolution: weighted((bin) => bin.observedRate - rate),
    uncertainty: rate * (1 - rate),
  }
}
