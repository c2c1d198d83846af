import type { Corridor } from './ks-exact.ts'
import type { Sample } from './sample.ts'
import { binomialMass } from './special/beta.ts'

/** Sizes of the blocks of equal values in two ascending samples pooled; -0 equals 0. */
export function tieBlocks(x: Sample, y: Sample): Int32Array {
  const blocks = new Int32Array(x.length + y.length)
  let count = 0
  let i = 0
  let j = 0
  while (i < x.length || j < y.length) {
    const before = i + j
    const fromX = j === y.length || (i < x.length && (x[i] as number) <= (y[j] as number))
    const value = (fromX ? x[i] : y[j]) as number
    while (i < x.length && x[i] === value) i++
    while (j < y.length && y[j] === value) j++
    blocks[count++] = i + j - before
  }
  return blocks.slice(0, count)
}

/** Where the walk stands: after `drawn` pooled rows, mass[i] is the chance of having met i of x and never left. */
type Walk = { corridor: Corridor; mass: Float64Array; low: number; high: number; drawn: number; outside: number }

/** Values of i that are inside the corridor after `drawn` rows. */
function insideRange({ n1, n2, reach, twoSided }: Corridor, drawn: number): { low: number; high: number } {
  const all = n1 + n2
  const possible = Math.max(0, drawn - n2)
  const low = twoSided ? Math.max(possible, Math.floor((drawn * n1 - reach) / all) + 1) : possible
  return { low, high: Math.min(n1, drawn, Math.ceil((drawn * n1 + reach) / all) - 1) }
}

/** One row more, wherever it leads. */
function stepOnce(walk: Walk): void {
  const { corridor, mass, low, high, drawn } = walk
  const left = corridor.n1 + corridor.n2 - drawn
  mass[high + 1] = 0
  for (let i = high; i >= low; i--) {
    const here = (mass[i] as number) / left
    mass[i + 1] = (mass[i + 1] as number) + here * (corridor.n1 - i)
    mass[i] = here * (corridor.n2 - drawn + i)
  }
  walk.high = Math.min(corridor.n1, high + 1)
  walk.drawn = drawn + 1
}

/** Takes what lies outside the corridor out of the walk. */
function absorb(walk: Walk): void {
  const inside = insideRange(walk.corridor, walk.drawn)
  for (let i = walk.low; i <= Math.min(walk.high, inside.low - 1); i++) walk.outside += walk.mass[i] as number
  for (let i = walk.high; i >= Math.max(walk.low, inside.high + 1); i--) walk.outside += walk.mass[i] as number
  walk.low = Math.max(walk.low, inside.low)
  walk.high = Math.min(walk.high, inside.high)
}

/** Drawing `size` rows from what is left: k of x with a hypergeometric chance. */
type Urn = { x: number; y: number; size: number }

function urnMass({ x, y, size }: Urn, k: number): number {
  if (k < Math.max(0, size - y) || k > Math.min(x, size)) return 0
  const p = size / (x + y)
  return (binomialMass(k, x, p) * binomialMass(size - k, y, p)) / binomialMass(size, x + y, p)
}

/** Sum of the urn's masses from `start` on in one direction, by the ratio of neighbours. */
function urnTail(urn: Urn, start: number, direction: 1 | -1): number {
  const { x, y, size } = urn
  let k = start
  let mass = urnMass(urn, k)
  let sum = 0
  while (mass > 0) {
    sum += mass
    if (mass < sum * 1e-18) break
    const up = ((x - k) * (size - k)) / ((k + 1) * (y - size + k + 1))
    const down = (k * (y - size + k)) / ((x - k + 1) * (size - k + 1))
    mass *= direction === 1 ? up : down
    k += direction
  }
  return sum
}

/** A whole block at once: each place inside reaches each place inside by one hypergeometric chance. */
function jump(walk: Walk, size: number): void {
  const { corridor, mass, low, high, drawn } = walk
  const inside = insideRange(corridor, drawn + size)
  const next = new Float64Array(Math.max(0, inside.high - inside.low + 1))
  for (let i = low; i <= high; i++) {
    const here = mass[i] as number
    const urn = { x: corridor.n1 - i, y: corridor.n2 - drawn + i, size }
    const first = Math.max(inside.low, i + Math.max(0, size - urn.y))
    const last = Math.min(inside.high, i + Math.min(urn.x, size))
    let chance = urnMass(urn, first - i)
    for (let to = first; to <= last; to++) {
      const k = to - i
      next[to - inside.low] = (next[to - inside.low] as number) + here * chance
      chance *= ((urn.x - k) * (size - k)) / ((k + 1) * (urn.y - size + k + 1))
    }
    const below = Math.min(inside.low - 1 - i, Math.min(urn.x, size))
    const above = Math.max(inside.high + 1 - i, Math.max(0, size - urn.y))
    walk.outside += here * (urnTail(urn, below, -1) + urnTail(urn, above, 1))
  }
  mass.set(next, inside.low)
  walk.low = inside.low
  walk.high = inside.high
  walk.drawn = drawn + size
}

/** Work of a block of `size` rows with `width` places inside: row by row, or all at once. */
function stepwiseCost(size: number, width: number): number {
  return size * (width + size / 2)
}

function jumpCost(width: number): number {
  return width * (width + 60)
}

/** Number of cells that {@link outsideFractionWithTies} visits, about. */
export function tieCells({ n1, n2, reach, twoSided }: Corridor, blocks: Int32Array): number {
  const width = twoSided ? (2 * reach) / (n1 + n2) + 1 : (n1 + reach / n2) / 2
  return blocks.reduce((sum, size) => sum + Math.min(stepwiseCost(size, width), jumpCost(width)), 0)
}

/**
 * Share of all interleavings that reach the observed distance given the pooled ties (Schroeer & Trenkler 1995): a path
 * counts as outside only where it has completed a block of equal values, because the distance is not observable inside
 * one. The walk is carried forward from block to block, row by row through small blocks and by one hypergeometric jump
 * through large ones, so that features with few levels cost little at any size. Only positive terms are added: about
 * 1e-13 relative accuracy however small the share.
 */
export function outsideFractionWithTies(corridor: Corridor, blocks: Int32Array): number {
  const mass = new Float64Array(corridor.n1 + 2)
  mass[0] = 1
  const walk: Walk = { corridor, mass, low: 0, high: 0, drawn: 0, outside: 0 }
  for (const size of blocks) {
    const width = walk.high - walk.low + 1
    if (width <= 0) break
    if (jumpCost(width) < stepwiseCost(size, width)) {
      jump(walk, size)
      continue
    }
    for (let k = 0; k < size; k++) stepOnce(walk)
    absorb(walk)
  }
  return Math.min(1, walk.outside)
}
