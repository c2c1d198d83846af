import { type BinFinder, binFinder, countSlots, slotOf } from './bin-finder.ts'
import { type BothGaps, bothGaps, type Extremum, lower, noHigh, noLow, raise } from './ks-extrema.ts'
import { requireThat, type Sample } from './sample.ts'
import { endsInNaN, sortedFloat32, sortedFloat64 } from './sort.ts'

/** A sample that many windows will be compared with: sorted once, with the search prepared. */
export type SortedReference = {
  sorted: Float64Array | Float32Array
  /** Finds the place of a value among the distinct values of the reference. */
  finder: BinFinder
  /** Rows up to and including each distinct value. */
  upTo: Int32Array
}

export type ReferenceOptions = {
  /** `float32` rounds the reference to single precision: half the memory; compare it with float32 data only. */
  precision?: 'float64' | 'float32'
}

/** Sorts and indexes a reference. Throws where it is empty or holds NaN: that is no reference. */
export function sortedReference(reference: Sample, { precision = 'float64' }: ReferenceOptions = {}): SortedReference {
  requireThat(reference.length > 0, 'the reference is empty')
  const sorted = precision === 'float32' ? sortedFloat32(reference) : sortedFloat64(reference)
  requireThat(!endsInNaN(sorted), 'the reference holds NaN: remove missing values first')
  const edges = new Float64Array(sorted.length)
  const upTo = new Int32Array(sorted.length)
  let k = 0
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number
    if (k === 0 || value !== edges[k - 1]) edges[k++] = value
    upTo[k - 1] = i + 1
  }
  return { sorted, finder: binFinder(edges.slice(0, k)), upTo: upTo.slice(0, k) }
}

type Scan = { x: { high: Extremum; low: Extremum }; inside: Extremum; insideEdge: number }

/**
 * All the gaps there are, from slot counts alone: no sort of the window is needed. Between two reference values only the
 * window's function rises, so the lowest gap there is the one after all of its rows.
 */
function scanSlots(reference: SortedReference, slots: Int32Array, n2: number): Scan {
  const { upTo } = reference
  const { edges } = reference.finder
  const n1 = reference.sorted.length
  const sizes = { n1, n2 }
  const x = { high: noHigh(), low: noLow() }
  const scan = { x, inside: noLow(), insideEdge: -1 }
  let i = 0
  let j = 0
  for (let edge = 0; edge <= upTo.length; edge++) {
    const between = slots[2 * edge] as number
    if (between > 0) {
      j += between
      if (i * n2 - j * n1 <= scan.inside.gap) {
        lower(scan.inside, { i, j, location: edge }, sizes)
        scan.insideEdge = scan.inside.location
      }
    }
    if (edge === upTo.length) break
    i = upTo[edge] as number
    j += slots[2 * edge + 1] as number
    const gap = i * n2 - j * n1
    if (gap >= x.high.gap) raise(x.high, { i, j, location: edges[edge] as number }, sizes)
    if (gap <= x.low.gap) lower(x.low, { i, j, location: edges[edge] as number }, sizes)
  }
  return scan
}

/** Largest value of the window strictly between edge - 1 and edge: the point at which a gap between them is reached. */
function lastInside({ edges }: BinFinder, sample: Sample, edge: number): number {
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i] as number
    const above = edge === 0 || value > (edges[edge - 1] as number)
    if (above && (edge === edges.length || value < (edges[edge] as number)) && value > last) last = value
  }
  return last
}

function denseGaps(reference: SortedReference, sample: Sample): BothGaps | null {
  const slots = new Int32Array(2 * reference.upTo.length + 1)
  if (countSlots(reference.finder, sample, slots) > 0) return null
  const { x, inside, insideEdge } = scanSlots(reference, slots, sample.length)
  if (inside.value < x.low.value) inside.location = lastInside(reference.finder, sample, insideEdge)
  return bothGaps(x, { high: noHigh(), low: inside })
}

/** For windows much smaller than the reference: sorts the window and looks up the reference at and just before it. */
function sparseGaps(reference: SortedReference, sample: Sample): BothGaps | null {
  const { finder, upTo } = reference
  const y = sortedFloat64(sample)
  if (endsInNaN(y)) return null
  const sizes = { n1: reference.sorted.length, n2: y.length }
  const atX = { high: noHigh(), low: noLow() }
  const atY = { high: noHigh(), low: noLow() }
  const raiseAt = (edge: number, j: number) => {
    if (edge >= 0) raise(atX.high, { i: upTo[edge] as number, j, location: finder.edges[edge] as number }, sizes)
  }
  for (let j = 0; j < y.length; ) {
    const location = y[j] as number
    const slot = slotOf(finder, location)
    const edge = (slot - 1) >> 1
    const onEdge = slot % 2 === 1
    raiseAt(onEdge ? edge - 1 : edge, j)
    while (j < y.length && y[j] === location) j++
    if (onEdge) raiseAt(edge, j)
    const at = { i: edge < 0 ? 0 : (upTo[edge] as number), j, location }
    lower(onEdge ? atX.low : atY.low, at, sizes)
  }
  raiseAt(upTo.length - 1, y.length)
  return bothGaps(atX, atY)
}

const SPARSE_FACTOR = 24

/** D+ and D- between reference and window, exact; null where the window holds NaN. The window must not be empty. */
export function gapsAgainst(reference: SortedReference, sample: Sample): BothGaps | null {
  const sparse = sample.length * SPARSE_FACTOR < reference.upTo.length
  return sparse ? sparseGaps(reference, sample) : denseGaps(reference, sample)
}

/** Share of the reference up to a value: the empirical distribution function. NaN for NaN. */
export function empiricalCdf(reference: SortedReference, value: number): number {
  const slot = slotOf(reference.finder, value)
  if (slot < 0) return Number.NaN
  const edge = (slot - 1) >> 1
  return edge < 0 ? 0 : (reference.upTo[edge] as number) / reference.sorted.length
}
