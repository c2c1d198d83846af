import type { Interval } from '../proportions.ts'
import { requireOpenProbability, requireThat, type Sample } from '../sample.ts'
import { studentQuantile, studentSf } from '../special/student.ts'

export type Moments = { count: number; mean: number; variance: number }

/** Count, mean and unbiased variance, by Welford's update (1962). Throws on a non-finite value. */
export function moments(sample: Sample): Moments {
  let mean = 0
  let squares = 0
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i] as number
    requireThat(Number.isFinite(value), `row ${i} is not finite`)
    const gap = value - mean
    mean += gap / (i + 1)
    squares += gap * (value - mean)
  }
  return { count: sample.length, mean, variance: sample.length > 1 ? squares / (sample.length - 1) : Number.NaN }
}

export type MeanComparison = {
  difference: number
  standardError: number
  degreesOfFreedom: number
  pValue: number
  interval: Interval
}

/**
 * Welch's t test of two means (Welch 1947), first minus second, two-sided, with its interval. Two rows a side at least;
 * two constant samples have no standard error: p is 1 if they agree and 0 if not.
 */
export function welchTest(first: Moments, second: Moments, confidence = 0.95): MeanComparison {
  requireOpenProbability(confidence, 'confidence')
  requireThat(first.count > 1 && second.count > 1, 'Welch needs two rows a side')
  const a = first.variance / first.count
  const b = second.variance / second.count
  const difference = first.mean - second.mean
  const standardError = Math.sqrt(a + b)
  if (standardError === 0) {
    const pValue = difference === 0 ? 1 : 0
    return { difference, standardError, degreesOfFreedom: 0, pValue, interval: { low: difference, high: difference } }
  }
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (first.count - 1) + b ** 2 / (second.count - 1))
  const half = studentQuantile(0.5 + confidence / 2, degreesOfFreedom) * standardError
  return {
    difference,
    standardError,
    degreesOfFreedom,
    pValue: Math.min(1, 2 * studentSf(Math.abs(difference / standardError), degreesOfFreedom)),
    interval: { low: difference - half, high: difference + half },
  }
}
