import { requireThat, type Sample } from '../sample.ts'

/** A monotone map from score to probability: the value of step i holds from `from[i]` on. */
export type IsotonicMap = { from: number[]; value: number[] }

type Block = { from: number; sum: number; count: number }

/**
 * Isotonic regression of labels on scores by pooling adjacent violators (Ayer et al. 1955; Zadrozny & Elkan 2002 for
 * calibration). Tied scores share one value.
 */
export function fitIsotonic(scores: Sample, labels: ArrayLike<number | boolean>): IsotonicMap {
  requireThat(scores.length === labels.length && scores.length > 0, 'scores and labels must pair up, one or more')
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number))
  const blocks: Block[] = []
  let last: number | undefined
  for (const row of order) {
    const score = scores[row] as number
    requireThat(!Number.isNaN(score), `score ${row} is not a number`)
    const top = blocks[blocks.length - 1]
    if (top && score === last) {
      top.sum += Number(labels[row])
      top.count += 1
    } else blocks.push({ from: score, sum: Number(labels[row]), count: 1 })
    last = score
  }
  const pooled: Block[] = []
  for (const block of blocks) {
    pooled.push(block)
    poolBack(pooled)
  }
  return { from: pooled.map((block) => block.from), value: pooled.map((block) => block.sum / block.count) }
}

/** Merges the last block into the one before it for as long as the two do not ascend. */
function poolBack(blocks: Block[]): void {
  while (blocks.length > 1) {
    const right = blocks[blocks.length - 1] as Block
    const left = blocks[blocks.length - 2] as Block
    if (left.sum * right.count < right.sum * left.count) return
    left.sum += right.sum
    left.count += right.count
    blocks.pop()
  }
}

/** Probability of a score under the map; scores below the first step take its value. */
export function applyIsotonic({ from, value }: IsotonicMap, score: number): number {
  requireThat(!Number.isNaN(score), 'score is not a number')
  let low = 0
  let high = from.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((from[middle] as number) <= score) low = middle + 1
    else high = middle
  }
  return value[Math.max(0, low - 1)] as number
}
