import { requireThat, type Sample } from './sample.ts'
import { endsInNaN, sortedFloat64 } from './sort.ts'

/** Integrates |F_x - F_y|^power over the pooled values of two ascending samples. */
function integrateGap(x: Float64Array, y: Float64Array, power: 1 | 2): number {
  let i = 0
  let j = 0
  let sum = 0
  let previous = Math.min(x[0] as number, y[0] as number)
  while (i < x.length || j < y.length) {
    const xi = i < x.length ? (x[i] as number) : Number.POSITIVE_INFINITY
    const yj = j < y.length ? (y[j] as number) : Number.POSITIVE_INFINITY
    const value = Math.min(xi, yj)
    const gap = Math.abs(i / x.length - j / y.length)
    if (gap > 0 && value > previous) sum += (power === 1 ? gap : gap * gap) * (value - previous)
    previous = value
    while (i < x.length && (x[i] as number) === value) i++
    while (j < y.length && (y[j] as number) === value) j++
  }
  return sum
}

function sortedPair(x: Sample, y: Sample): [Float64Array, Float64Array] | null {
  const a = sortedFloat64(x)
  const b = sortedFloat64(y)
  return a.length === 0 || b.length === 0 || endsInNaN(a) || endsInNaN(b) ? null : [a, b]
}

/**
 * Wasserstein-1 (earth mover's) distance of two samples: the area between their distribution functions (Vallender 1974).
 * In the units of the values. NaN for an empty sample or a NaN value; infinite where an infinite value must be moved.
 */
export function wassersteinDistance(x: Sample, y: Sample): number {
  const sorted = sortedPair(x, y)
  return sorted ? integrateGap(sorted[0], sorted[1], 1) : Number.NaN
}

/**
 * Energy distance sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|) = sqrt(2 integral (F-G)^2) (Szekely & Rizzo 2013), scipy's scale.
 * NaN for an empty sample, a NaN, or an infinity.
 */
export function energyDistance(x: Sample, y: Sample): number {
  const sorted = sortedPair(x, y)
  if (!sorted || !sorted.every((s) => Number.isFinite(s[0]) && Number.isFinite(s[s.length - 1]))) return Number.NaN
  return Math.sqrt(2 * integrateGap(sorted[0], sorted[1], 2))
}

/** Standard deviation (population form) by two passes; NaN for an empty sample. */
export function standardDeviation(sample: Sample): number {
  let sum = 0
  for (let i = 0; i < sample.length; i++) sum += sample[i] as number
  const mean = sum / sample.length
  let squares = 0
  for (let i = 0; i < sample.length; i++) squares += ((sample[i] as number) - mean) ** 2
  return Math.sqrt(squares / sample.length)
}

/**
 * Wasserstein-1 in units of the reference's standard deviation: the effect size that sees changes of scale and tail which
 * D hardly does. NaN where the reference is constant.
 */
export function normalizedWasserstein(reference: Sample, current: Sample): number {
  const spread = standardDeviation(reference)
  return spread > 0 && Number.isFinite(spread) ? wassersteinDistance(reference, current) / spread : Number.NaN
}

/** Values with weights >= 0 of positive sum. */
export type WeightedSample = { values: Sample; weights: Sample }

type Steps = { values: Float64Array; cumulative: Float64Array }

function steps({ values, weights }: WeightedSample): Steps {
  requireThat(values.length === weights.length && values.length > 0, 'values and weights must pair up, one or more')
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
  order.sort((a, b) => (values[a] as number) - (values[b] as number))
  const kept = [...order].filter((i) => {
    const weight = weights[i] as number
    requireThat(weight >= 0 && Number.isFinite(weight), `a weight must be finite and >= 0, got ${weight}`)
    return weight > 0
  })
  const total = kept.reduce((sum, i) => sum + (weights[i] as number), 0)
  requireThat(total > 0, 'weights must have a positive sum')
  let running = 0
  const cumulative = Float64Array.from(kept, (i) => {
    running += weights[i] as number
    return running / total
  })
  return { values: Float64Array.from(kept, (i) => values[i] as number), cumulative }
}

/** Wasserstein-1 of two weighted samples. Values of weight zero do not count. NaN where a value is NaN. */
export function weightedWassersteinDistance(u: WeightedSample, v: WeightedSample): number {
  const a = steps(u)
  const b = steps(v)
  if (a.values.some(Number.isNaN) || b.values.some(Number.isNaN)) return Number.NaN
  let i = 0
  let j = 0
  let sum = 0
  let previous = Math.min(a.values[0] as number, b.values[0] as number)
  while (i < a.values.length || j < b.values.length) {
    const value = Math.min(a.values[i] ?? Number.POSITIVE_INFINITY, b.values[j] ?? Number.POSITIVE_INFINITY)
    const gap = Math.abs((a.cumulative[i - 1] ?? 0) - (b.cumulative[j - 1] ?? 0))
    if (gap > 0 && value > previous) sum += gap * (value - previous)
    previous = value
    while (i < a.values.length && a.values[i] === value) i++
    while (j < b.values.length && b.values[j] === value) j++
  }
  return sum
}
