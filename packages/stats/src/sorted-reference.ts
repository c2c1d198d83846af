import { type BinFinder, binFinder, countSlots, slotOf } from './bin-finder.ts'
import { bothGaps, chooseGap, type Extremum, type KsGap, lower, noHigh, noLow, raise } from './ks-extrema.ts'
import { type Alternative, requireThat, type Sample } from './sample.ts'
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
 * window's function rises, so the lowest gap there is the one after all of its rows; at a reference value without window
 * rows the gap has just grown, so it can only be a highest one. The bests are mirrored in local variables because this
 * loop runs once per reference row.
 */
function scanSlots(reference: SortedReference, slots: Int32Array, n2: number): Scan {
  const { upTo } = reference
  const { edges } = reference.finder
  const n1 = reference.sorted.length
  const sizes = { n1, n2 }
  const scan = { x: { high: noHigh(), low: noLow() }, inside: noLow(), insideEdge: -1 }
  let [highest, lowest, lowestInside] = [scan.x.high.gap, scan.x.low.gap, scan.inside.gap]
  let i = 0
  let j = 0
  for (let edge = 0; edge <= upTo.length; edge++) {
    const between = slots[2 * edge] as number
    j += between
    if (i * n2 - j * n1 <= lowestInside && between !== 0) {
      lower(scan.inside, { i, j, location: edge }, sizes)
      lowestInside = scan.inside.gap
      scan.insideEdge = scan.inside.location
    }
    if (edge === upTo.length) break
    i = upTo[edge] as number
    const on = slots[2 * edge + 1] as number
    j += on
    const gap = i * n2 - j * n1
    if (gap >= highest) {
      raise(scan.x.high, { i, j, location: edges[edge] as number }, sizes)
      highest = scan.x.high.gap
    }
    if (gap <= lowest && on !== 0) {
      lower(scan.x.low, { i, j, location: edges[edge] as number }, sizes)
      lowest = scan.x.low.gap
    }
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

/** Counters that one call leaves to the next, so that they stay in the processor's cache over many features. */
let scratch = new Int32Array(0)

function zeroedSlots(length: number): Int32Array {
  if (scratch.length < length) scratch = new Int32Array(length)
  return scratch.fill(0, 0, length)
}

function denseGap(reference: SortedReference, sample: Sample, alternative: Alternative): KsGap | null {
  const slots = zeroedSlots(2 * reference.upTo.length + 1)
  if (countSlots(reference.finder, sample, slots) > 0) return null
  const { x, inside, insideEdge } = scanSlots(reference, slots, sample.length)
  const gap = chooseGap(bothGaps(x, { high: noHigh(), low: inside }), alternative)
  const isInside = gap.sign < 0 && inside.value < x.low.value
  return isInside ? { ...gap, location: lastInside(reference.finder, sample, insideEdge) } : gap
}

/** For windows much smaller than the reference: sorts the window and looks up the reference at and just before it. */
function sparseGap(reference: SortedReference, sample: Sample, alternative: Alternative): KsGap | null {
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
  return chooseGap(bothGaps(atX, atY), alternative)
}

const SPARSE_FACTOR = 24

/**
 * The gap between reference and window that the alternative asks for, exact; null where the window holds NaN. The window
 * must not be empty.
 */
export function gapAgainst(reference: SortedReference, sample: Sample, alternative: Alternative): KsGap | null {
  const sparse = sample.length * SPARSE_FACTOR < reference.upTo.length
  return sparse ? sparseGap(reference, sample, alternative) : denseGap(reference, sample, alternative)
}

/** Share of the reference up to a value: the empirical distribution function. NaN for NaN. */
export function empiricalCdf(reference: SortedReference, value: number): number {
  const slot = slotOf(reference.finder, value)
  if (slot < 0) return Number.NaN
  const edge = (slot - 1) >> 1
  return edge < 0 ? 0 : (reference.upTo[edge] as number) / reference.sorted.length
}
