import { slotOf } from './bin-finder.ts'
import { requireThat } from './sample.ts'
import type { SortedReference } from './sorted-reference.ts'

/**
 * Exact Kolmogorov-Smirnov distance between a fixed reference and the last `capacity` values of a stream, kept up to date
 * in O(log R) a value (the problem of dos Reis et al. 2016, KDD, with one side fixed).
 *
 * A segment tree stands over the distinct reference values. Leaf e carries what happens from just above value e-1 up to
 * value e: window rows pull the gap F_ref - F_win down by 1/m, reference rows push it up by 1/R. Each node holds the sum
 * over its leaves and the largest and smallest prefix, in whole numbers (m per reference row, R per window row), so no
 * rounding ever builds up.
 */
export class SlidingWindow {
  readonly reference: SortedReference
  readonly capacity: number
  /** NaN values seen: they never enter the window, and a rising count is a signal of its own. */
  nanCount = 0
  readonly #slots: Int32Array
  readonly #ring: Int32Array
  #size = 0
  #next = 0
  readonly #leaves: number
  readonly #sum: Float64Array
  readonly #high: Float64Array
  readonly #low: Float64Array

  /** A window of the last `capacity` >= 1 values against the reference. Memory: 32 bytes a reference row. */
  constructor(reference: SortedReference, capacity: number) {
    requireThat(Number.isInteger(capacity) && capacity >= 1, `capacity must be a whole number >= 1, got ${capacity}`)
    this.reference = reference
    this.capacity = capacity
    const edges = reference.upTo.length
    this.#slots = new Int32Array(2 * edges + 1)
    this.#ring = new Int32Array(capacity)
    this.#leaves = 2 ** Math.ceil(Math.log2(edges + 1))
    this.#sum = new Float64Array(2 * this.#leaves)
    this.#high = new Float64Array(2 * this.#leaves)
    this.#low = new Float64Array(2 * this.#leaves)
  }

  /** Values in the window now. */
  get size(): number {
    return this.#size
  }

  /** Takes in one value; a full window lets go of its oldest one. NaN is only counted. */
  push(value: number): void {
    const slot = slotOf(this.reference.finder, value)
    if (slot < 0) {
      this.nanCount += 1
      return
    }
    const full = this.#size === this.capacity
    if (full) this.#move(this.#ring[this.#next] as number, -1)
    this.#ring[this.#next] = slot
    this.#next = this.#next + 1 === this.capacity ? 0 : this.#next + 1
    if (full) this.#move(slot, 1)
    else this.#fill(slot)
  }

  /** Exact two-sided D of the window as it stands; NaN while it is empty. O(1) once full, O(R) while it fills. */
  distance(): number {
    if (this.#size === 0) return Number.NaN
    const m = this.#size
    if (m < this.capacity) this.#rebuild(m)
    const furthest = Math.max(this.#high[1] as number, -(this.#low[1] as number))
    return furthest / (m * this.reference.sorted.length)
  }

  #fill(slot: number): void {
    this.#slots[slot] = (this.#slots[slot] as number) + 1
    this.#size += 1
    if (this.#size === this.capacity) this.#rebuild(this.capacity)
  }

  #move(slot: number, by: 1 | -1): void {
    this.#slots[slot] = (this.#slots[slot] as number) + by
    const edge = slot >> 1
    this.#setLeaf(edge, this.capacity)
    for (let node = (this.#leaves + edge) >> 1; node >= 1; node >>= 1) this.#setNode(node)
  }

  #rebuild(m: number): void {
    for (let edge = 0; edge <= this.reference.upTo.length; edge++) this.#setLeaf(edge, m)
    for (let node = this.#leaves - 1; node >= 1; node--) this.#setNode(node)
  }

  #setLeaf(edge: number, m: number): void {
    const { upTo, sorted } = this.reference
    const node = this.#leaves + edge
    const before = -(this.#slots[2 * edge] as number) * sorted.length
    const rows = edge < upTo.length ? (upTo[edge] as number) - (edge === 0 ? 0 : (upTo[edge - 1] as number)) : 0
    const on = edge < upTo.length ? (this.#slots[2 * edge + 1] as number) : 0
    const sum = before + rows * m - on * sorted.length
    this.#sum[node] = sum
    this.#high[node] = Math.max(0, sum)
    this.#low[node] = Math.min(before, sum)
  }

  #setNode(node: number): void {
    const left = 2 * node
    const right = left + 1
    const sum = this.#sum[left] as number
    this.#sum[node] = sum + (this.#sum[right] as number)
    this.#high[node] = Math.max(this.#high[left] as number, sum + (this.#high[right] as number))
    this.#low[node] = Math.min(this.#low[left] as number, sum + (this.#low[right] as number))
  }
}
