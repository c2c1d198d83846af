import { requireOpenProbability, requireThat } from './sample.ts'
import { normalPdf, normalQuantile, normalSf } from './special/normal.ts'

/**
 * `obrien-fleming`, `pocock`: constants of the classical designs with equally spaced looks. The `-spending` forms spend
 * alpha after Lan & DeMets (1983) and take looks at any information fractions.
 */
export type GroupSequentialShape = 'obrien-fleming' | 'pocock' | 'obrien-fleming-spending' | 'pocock-spending'

export type GroupSequentialDesign = {
  shape: GroupSequentialShape
  /** Share of the planned information at each look, ascending, the last one 1. */
  fractions: readonly number[]
  /** Total two-sided level. */
  alpha: number
}

export type GroupSequentialBounds = {
  /** Stop for effect at look k when |z| >= bounds[k]. */
  bounds: number[]
  /** Level spent up to and including each look. */
  spent: number[]
}

/** Sub-density of the score process on an even grid: what has not stopped yet. */
type Alive = { low: number; step: number; weights: Float64Array }

const GRID = 400

/** Simpson weights on GRID + 1 points. */
function simpson(i: number): number {
  return i === 0 || i === GRID ? 1 / 3 : i % 2 === 1 ? 4 / 3 : 2 / 3
}

/** P(|S| >= limit) at the next look, where S moves on by N(0, variance). */
function exitProbability(alive: Alive | null, limit: number, deviation: number): number {
  if (!alive) return 2 * normalSf(limit / deviation)
  let sum = 0
  for (let i = 0; i <= GRID; i++) {
    const s = alive.low + i * alive.step
    const tails = normalSf((limit - s) / deviation) + normalSf((limit + s) / deviation)
    sum += (alive.weights[i] as number) * tails
  }
  return sum
}

/** Density of the score inside (-limit, limit) after the look (Armitage, McPherson & Rowe 1969), with Simpson's weights. */
function survive(alive: Alive | null, limit: number, deviation: number): Alive {
  const step = (2 * limit) / GRID
  const weights = new Float64Array(GRID + 1)
  for (let i = 0; i <= GRID; i++) {
    const s = -limit + i * step
    let density = 0
    if (!alive) density = normalPdf(s / deviation) / deviation
    for (let j = 0; alive && j <= GRID; j++) {
      const from = alive.low + j * alive.step
      density += ((alive.weights[j] as number) * normalPdf((s - from) / deviation)) / deviation
    }
    weights[i] = density * step * simpson(i)
  }
  return { low: -limit, step, weights }
}

/**
 * Two-sided level that the spending function has used up at information fraction t (Lan & DeMets 1983): each side spends
 * its alpha/2 by 2 - 2 Phi(z_(alpha/4) / sqrt t), or by alpha/2 ln(1 + (e-1) t).
 */
export function alphaSpent(shape: 'obrien-fleming-spending' | 'pocock-spending', alpha: number, t: number): number {
  if (shape === 'pocock-spending') return alpha * Math.log(1 + (Math.E - 1) * t)
  return Math.min(alpha, 4 * normalSf(normalQuantile(1 - alpha / 4) / Math.sqrt(t)))
}

/** The root of a decreasing function by the Illinois variant of false position (Dowell & Jarratt 1971). */
function solve(f: (x: number) => number, low: number, high: number): number {
  let a = { x: low, y: f(low) }
  let b = { x: high, y: f(high) }
  for (let i = 0; i < 100 && Math.abs(b.x - a.x) > 1e-11; i++) {
    const x = (a.x * b.y - b.x * a.y) / (b.y - a.y)
    const y = f(x)
    if (y === 0) return x
    a = y * b.y < 0 ? b : { x: a.x, y: a.y / 2 }
    b = { x, y }
    if (Math.abs(y) < 1e-13) break
  }
  return b.x
}

function spendingBounds(design: GroupSequentialDesign, shape: 'obrien-fleming-spending' | 'pocock-spending') {
  const bounds: number[] = []
  const spent: number[] = []
  let alive: Alive | null = null
  let before = 0
  let used = 0
  for (const t of design.fractions) {
    const deviation = Math.sqrt(t - before)
    const target = alphaSpent(shape, design.alpha, t)
    const current = alive
    const z = solve((b) => exitProbability(current, b * Math.sqrt(t), deviation) - (target - used), 0.01, 12)
    bounds.push(z)
    spent.push(target)
    alive = survive(current, z * Math.sqrt(t), deviation)
    before = t
    used = target
  }
  return { bounds, spent }
}

/** Level spent at each look by given bounds, for independent increments at the given fractions. */
export function crossingProbabilities(bounds: readonly number[], fractions: readonly number[]): number[] {
  requireFractions(fractions)
  requireThat(bounds.length === fractions.length, 'one bound per look')
  let alive: Alive | null = null
  let before = 0
  let total = 0
  return fractions.map((t, k) => {
    const deviation = Math.sqrt(t - before)
    const limit = (bounds[k] as number) * Math.sqrt(t)
    total += exitProbability(alive, limit, deviation)
    if (k + 1 < fractions.length) alive = survive(alive, limit, deviation)
    before = t
    return total
  })
}

function requireFractions(fractions: readonly number[]): void {
  const ascending = fractions.every((t, k) => t > (k === 0 ? 0 : (fractions[k - 1] as number)) && t <= 1)
  requireThat(fractions.length > 0 && ascending, 'fractions must ascend within (0, 1]')
}

function classicalBounds(design: GroupSequentialDesign, flat: boolean): GroupSequentialBounds {
  const at = (constant: number) => design.fractions.map((t) => (flat ? constant : constant / Math.sqrt(t)))
  const total = (constant: number) => crossingProbabilities(at(constant), design.fractions).at(-1) as number
  const bounds = at(solve((c) => total(c) - design.alpha, 1, 8))
  return { bounds, spent: crossingProbabilities(bounds, design.fractions) }
}

/**
 * Two-sided stopping bounds for |z| at planned looks (O'Brien & Fleming 1979; Pocock 1977; Lan & DeMets 1983), by
 * recursive integration on a grid; error below 1e-6 in z. For A/B tests with a planned end; for open-ended watching use
 * the e-processes.
 */
export function groupSequentialBounds(design: GroupSequentialDesign): GroupSequentialBounds {
  requireOpenProbability(design.alpha, 'alpha')
  requireFractions(design.fractions)
  if (design.shape === 'obrien-fleming' || design.shape === 'pocock') {
    return classicalBounds(design, design.shape === 'pocock')
  }
  return spendingBounds(design, design.shape)
}
