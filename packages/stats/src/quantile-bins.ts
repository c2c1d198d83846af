import { requireThat, type Sample } from './sample.ts'
import { endsInNaN } from './sort.ts'

/**
 * Bins cut at quantiles of a reference sample. Edge b has the exact share of the reference below it and up to it, so a
 * window that counts "between two edges" and "on an edge" apart knows every gap at the edges exactly.
 */
export type QuantileBins = {
  /** Ascending distinct values of the reference, at most K + 1, the smallest and the largest among them. */
  edges: Float64Array
  /** Share of the reference strictly below each edge. */
  below: Float64Array
  /** Share of the reference up to and including each edge. */
  upTo: Float64Array
  /** Size of the reference. */
  count: number
}

/** First index with values[index] >= value (or > value), in an ascending array. */
export function lowerBound(values: Sample, value: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** First index with values[index] > value, in an ascending array. */
export function upperBound(values: Sample, value: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Cuts an ascending reference without NaN into about K bins of equal share. Ties collapse: a value that fills many bins is
 * one edge. Throws on an empty reference or a NaN.
 */
export function quantileBins(sortedReference: Sample, binCount = 1024): QuantileBins {
  const n = sortedReference.length
  requireThat(n > 0, 'the reference is empty')
  requireThat(!endsInNaN(sortedReference), 'the reference holds NaN: remove missing values first')
  requireThat(Number.isInteger(binCount) && binCount >= 1, `binCount must be a whole number >= 1, got ${binCount}`)
  const edges: number[] = []
  for (let b = 0; b <= binCount; b++) {
    const rank = Math.round((b / binCount) * (n - 1))
    const value = sortedReference[rank] as number
    if (edges.length === 0 || value > (edges[edges.length - 1] as number)) edges.push(value)
  }
  return {
    edges: Float64Array.from(edges),
    below: Float64Array.from(edges, (edge) => lowerBound(sortedReference, edge) / n),
    upTo: Float64Array.from(edges, (edge) => upperBound(sortedReference, edge) / n),
    count: n,
  }
}
