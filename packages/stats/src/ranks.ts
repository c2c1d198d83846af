import type { Sample } from './sample.ts'

/** Mid-ranks (ties share their mean rank, from 1) and the tie term sum(t^3 - t) that variances are corrected by. */
export type Ranking = { ranks: Float64Array; tieTerm: number; hasTies: boolean }

/** Ranks a sample without NaN. O(n log n). */
export function midRanks(sample: Sample): Ranking {
  const n = sample.length
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  order.sort((a, b) => (sample[a] as number) - (sample[b] as number) || 0)
  const ranks = new Float64Array(n)
  let tieTerm = 0
  let hasTies = false
  for (let start = 0; start < n; ) {
    let end = start + 1
    while (end < n && sample[order[end] as number] === sample[order[start] as number]) end++
    const size = end - start
    if (size > 1) hasTies = true
    tieTerm += size * size * size - size
    for (let k = start; k < end; k++) ranks[order[k] as number] = (start + 1 + end) / 2
    start = end
  }
  return { ranks, tieTerm, hasTies }
}

/** Both samples one after the other, or null where one is empty or holds a NaN. */
export function pooled(x: Sample, y: Sample): Float64Array | null {
  if (x.length === 0 || y.length === 0) return null
  const all = new Float64Array(x.length + y.length)
  all.set(Array.from(x))
  all.set(Array.from(y), x.length)
  return all.some(Number.isNaN) ? null : all
}
