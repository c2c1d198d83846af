import { requireThat, type Sample } from './sample.ts'
import { endsInNaN, sortedFloat64 } from './sort.ts'

/** A distribution function as steps: ascending values with the share up to and including each. */
type Steps = { values: Float64Array; cumulative: Float64Array }

/** Values with weights >= 0 of positive sum. */
export type WeightedSample = { values: Sample; weights: Sample }

function equalSteps(sample: Sample): Steps | null {
  const values = sortedFloat64(sample)
  if (values.length === 0 || endsInNaN(values)) return null
  return { values, cumulative: values.map((_, i) => (i + 1) / values.length) }
}

function weightedSteps({ values, weights }: WeightedSample): Steps | null {
  requireThat(values.length === weights.length && values.length > 0, 'values and weights must pair up, one or more')
  const order: number[] = []
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] as number
    requireThat(weight >= 0 && Number.isFinite(weight), `a weight must be finite and >= 0, got ${weight}`)
    if (Number.isNaN(values[i])) return null
    if (weight > 0) order.push(i)
    total += weight
  }
  requireThat(total > 0, 'weights must have a positive sum')
  order.sort((a, b) => ((values[a] as number) < (values[b] as number) ? -1 : 1))
  let running = 0
  const cumulative = Float64Array.from(order, (i) => {
    running += weights[i] as number
    return running / total
  })
  return { values: Float64Array.from(order, (i) => values[i] as number), cumulative }
}

/** First index from `from` on whose value exceeds `value`. */
function pass({ values }: Steps, from: number, value: number): number {
  let i = from
  while (i < values.length && (values[i] as number) <= value) i++
  return i
}

/** Integral of |F - G|^power (Vallender 1974 for power 1). */
function integrateGap(u: Steps, v: Steps, power: 1 | 2): number {
  let i = 0
  let j = 0
  let sum = 0
  let previous = Math.min(u.values[0] as number, v.values[0] as number)
  while (i < u.values.length || j < v.values.length) {
    const value = Math.min(u.values[i] ?? Number.POSITIVE_INFINITY, v.values[j] ?? Number.POSITIVE_INFINITY)
    const gap = Math.abs((u.cumulative[i - 1] ?? 0) - (v.cumulative[j - 1] ?? 0))
    if (gap > 0 && value > previous) sum += gap ** power * (value - previous)
    previous = value
    i = pass(u, i, value)
    j = pass(v, j, value)
  }
  return sum
}

/**
 * Wasserstein-1 (earth mover's) distance of two samples: the area between their distribution functions (Vallender 1974).
 * In the units of the values. NaN for an empty sample or a NaN value; infinite where an infinite value must be moved.
 */
export function wassersteinDistance(x: Sample, y: Sample): number {
  const u = equalSteps(x)
  const v = equalSteps(y)
  return u && v ? integrateGap(u, v, 1) : Number.NaN
}

/** Wasserstein-1 of two weighted samples. Values of weight zero do not count. NaN where a value is NaN. */
export function weightedWassersteinDistance(x: WeightedSample, y: WeightedSample): number {
  const u = weightedSteps(x)
  const v = weightedSteps(y)
  return u && v ? integrateGap(u, v, 1) : Number.NaN
}

function isBounded({ values }: Steps): boolean {
  return Number.isFinite(values[0]) && Number.isFinite(values[values.length - 1])
}

/**
 * Energy distance sqrt(2 E|X-Y| - E|X-X'| - E|Y-Y'|) = sqrt(2 integral (F-G)^2) (Szekely & Rizzo 2013), scipy's scale.
 * NaN for an empty sample, a NaN, or an infinity.
 */
export function energyDistance(x: Sample, y: Sample): number {
  const u = equalSteps(x)
  const v = equalSteps(y)
  return u && v && isBounded(u) && isBounded(v) ? Math.sqrt(2 * integrateGap(u, v, 2)) : Number.NaN
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
 * D hardly does. NaN where the reference is constant or not finite.
 */
export function normalizedWasserstein(reference: Sample, current: Sample): number {
  const spread = standardDeviation(reference)
  return spread > 0 && Number.isFinite(spread) ? wassersteinDistance(reference, current) / spread : Number.NaN
}
