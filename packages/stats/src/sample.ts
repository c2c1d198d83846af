/** Any array of numbers: a plain array or a typed array. */
export type Sample = ArrayLike<number>

/** Direction of the alternative hypothesis; each test says what "greater" means for it. */
export type Alternative = 'two-sided' | 'less' | 'greater'

/** Thrown where an argument cannot mean anything (a negative count, a probability above one). */
export class StatisticsError extends Error {
  override name = 'StatisticsError'
}

/** Throws unless the condition holds. The message names the argument. */
export function requireThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new StatisticsError(message)
}

/** Throws unless the value is a probability strictly between 0 and 1. */
export function requireOpenProbability(value: number, name: string): void {
  requireThat(value > 0 && value < 1, `${name} must lie strictly between 0 and 1, got ${value}`)
}

/** Throws unless the value is a count: a whole number, zero or more. */
export function requireCount(value: number, name: string): void {
  requireThat(Number.isSafeInteger(value) && value >= 0, `${name} must be a whole number >= 0, got ${value}`)
}

/** What a sample consists of, before any test: tests on NaN answer NaN, so callers look here first. */
export type SampleCensus = { count: number; nan: number; infinite: number; distinct: number }

/** Counts NaN, infinities and distinct values (-0 and 0 are one value) up to `limit` distinct ones. */
export function census(sample: Sample, limit = 64): SampleCensus {
  const seen = new Set<number>()
  let nan = 0
  let infinite = 0
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i] as number
    if (Number.isNaN(value)) {
      nan += 1
      continue
    }
    if (!Number.isFinite(value)) infinite += 1
    if (seen.size < limit) seen.add(value)
  }
  return { count: sample.length, nan, infinite, distinct: seen.size }
}

/** The sample without NaN, as a fresh Float64Array; missing values are then tested by their rate, not their value. */
export function withoutNaN(sample: Sample): Float64Array {
  const kept = new Float64Array(sample.length)
  let n = 0
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i] as number
    if (!Number.isNaN(value)) kept[n++] = value
  }
  return kept.slice(0, n)
}
