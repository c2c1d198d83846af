import type { Interval } from '../proportions.ts'
import { requireOpenProbability, requireThat } from '../sample.ts'
import { normalCdf, normalQuantile } from '../special/normal.ts'

/** A generator of numbers in [0, 1): randomness is always an argument here. */
export type Random = () => number

/** sfc32 of PractRand (Doty-Humphrey 2010) from one seed: reproducible, period 2^128 about; not for secrets. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed | 0
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4294967296
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

export type BootstrapOptions = {
  random: Random
  /** Default 1,000. */
  replicates?: number
  /** Default 0.95. */
  confidence?: number
  /** `bca` (default) corrects bias and skew by the jackknife (Efron 1987), `percentile` does not. */
  method?: 'percentile' | 'bca'
}

export type BootstrapResult = { estimate: number; standardError: number; interval: Interval }

/** A statistic of the rows whose indices it is given. */
export type IndexedStatistic = (rows: Int32Array) => number

function quantile(sorted: Float64Array, q: number): number {
  const position = Math.min(sorted.length - 1, Math.max(0, q * (sorted.length + 1) - 1))
  const below = Math.floor(position)
  const low = sorted[below] as number
  const high = sorted[Math.min(sorted.length - 1, below + 1)] as number
  return low + (position - below) * (high - low)
}

/** Skewness of the jackknife values over six: Efron's acceleration; zero where they do not vary. */
function acceleration(n: number, statistic: IndexedStatistic): number {
  const rows = Int32Array.from({ length: n - 1 }, (_, i) => i + 1)
  const values = new Float64Array(n)
  for (let left = 0; left < n; left++) {
    values[left] = statistic(rows)
    if (left < n - 1) rows[left] = left
  }
  const mean = values.reduce((a, b) => a + b, 0) / n
  let cubes = 0
  let squares = 0
  for (const value of values) {
    cubes += (mean - value) ** 3
    squares += (mean - value) ** 2
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** The two quantile levels of the replicates to read the interval at. */
function levels(
  replicates: Float64Array,
  estimate: number,
  shape: { tail: number; acceleration: number },
): [number, number] {
  let below = 0
  for (const value of replicates) below += value < estimate ? 1 : value === estimate ? 0.5 : 0
  const share = Math.min(1 - 0.5 / replicates.length, Math.max(0.5 / replicates.length, below / replicates.length))
  const bias = normalQuantile(share)
  const level = (z: number) => normalCdf(bias + (bias + z) / (1 - shape.acceleration * (bias + z)))
  return [level(normalQuantile(shape.tail)), level(normalQuantile(1 - shape.tail))]
}

/**
 * Bootstrap interval of any statistic of n rows (Efron 1979; BCa: Efron 1987). Rows must be independent: resample
 * clusters otherwise. BCa costs n further evaluations.
 */
export function bootstrapInterval(n: number, statistic: IndexedStatistic, options: BootstrapOptions): BootstrapResult {
  const { random, replicates: count = 1000, confidence = 0.95, method = 'bca' } = options
  requireThat(Number.isInteger(n) && n >= 2, `n must be a whole number >= 2, got ${n}`)
  requireThat(Number.isInteger(count) && count >= 20, `replicates must be a whole number >= 20, got ${count}`)
  requireOpenProbability(confidence, 'confidence')
  const rows = Int32Array.from({ length: n }, (_, i) => i)
  const estimate = statistic(rows)
  const values = new Float64Array(count)
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < n; i++) rows[i] = Math.floor(random() * n)
    values[r] = statistic(rows)
  }
  requireThat(!values.some(Number.isNaN), 'the statistic is NaN on a resample')
  values.sort()
  const tail = (1 - confidence) / 2
  const mean = values.reduce((a, b) => a + b, 0) / count
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const skew = method === 'bca' ? acceleration(n, statistic) : 0
  const [low, high] = method === 'bca' ? levels(values, estimate, { tail, acceleration: skew }) : [tail, 1 - tail]
  const interval = { low: quantile(values, low), high: quantile(values, high) }
  return { estimate, standardError: Math.sqrt(variance), interval }
}
