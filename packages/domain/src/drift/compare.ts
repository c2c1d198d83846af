/** One feature of a window against its training data: the tests' numbers, before anybody judges them. */
import {
  chiSquareContingency,
  effectiveSampleSize,
  jensenShannonDistance,
  ksAsymptoticPValue,
  ksTestSorted,
  lagOneAutocorrelation,
  normalizedWasserstein,
  psiTest,
  twoProportionTest,
} from '@modelyard/stats'
import type { FeatureComparison } from './judge.ts'

/** `reference` ascending and without missing values; `current` in order of time, null where a value is missing. */
export type FeatureSample = {
  feature: string
  reference: Float64Array
  referenceMissing: number
  current: readonly (number | null)[]
}

/** Shares of both samples in common equal-width bins over the span of both; `edges` has one more than the shares. */
export type Shape = { edges: number[]; reference: number[]; current: number[]; psi: number | null }
export type ComparedFeature = { comparison: FeatureComparison; shape: Shape }

const BINS = 16

/**
 * Two-sample Kolmogorov-Smirnov with ties (Schroeer & Trenkler 1995), Wasserstein-1 over the reference's standard
 * deviation, PSI, and a two-proportion test of missing values. Rows that follow each other alike count less: where the
 * lag-1 autocorrelation r is positive, the p-value is taken at n (1 - r) / (1 + r) rows.
 */
export function compareFeature({ feature, reference, referenceMissing, current }: FeatureSample): ComparedFeature {
  const present = Float64Array.from(current.filter((value) => value !== null))
  const nEffective = effectiveRows(present)
  const sorted = Float64Array.from(present).sort()
  const ks = ksTestSorted(reference, sorted, { method: 'best', ties: true })
  const deflated = nEffective < present.length && Number.isFinite(ks.statistic)
  const p = deflated
    ? ksAsymptoticPValue({
        distance: ks.statistic,
        n1: reference.length,
        n2: Math.max(1, Math.floor(nEffective)),
        alternative: 'two-sided',
      })
    : ks.pValue
  const spread = normalizedWasserstein(reference, sorted)
  const missing = missingTest(
    { missing: referenceMissing, total: referenceMissing + reference.length },
    { missing: current.length - present.length, total: current.length },
  )
  return {
    comparison: {
      feature,
      test: 'ks',
      statistic: ks.statistic,
      p,
      effect: ks.statistic,
      wassersteinSd: Number.isFinite(spread) ? spread : null,
      n: present.length,
      nEffective,
      rows: current.length,
      ...missing,
    },
    shape: shapeOf(reference, sorted),
  }
}

type Missing = { missing: number; total: number }

function missingTest(
  reference: Missing,
  current: Missing,
): Pick<FeatureComparison, 'referenceMissing' | 'currentMissing' | 'missingP'> {
  const ratio = ({ missing, total }: Missing) => (total === 0 ? Number.NaN : missing / total)
  const tested = reference.total > 0 && current.total > 0 && reference.missing + current.missing > 0
  const test = tested
    ? twoProportionTest(
        { successes: current.missing, total: current.total },
        { successes: reference.missing, total: reference.total },
      )
    : null
  return { referenceMissing: ratio(reference), currentMissing: ratio(current), missingP: test?.pValue ?? 1 }
}

const BLOCK_ROWS = 50
/** Below it a median over blocks of 50 is noise. */
const MIN_CORRELATION = 0.15

/**
 * Rows that a window is worth. The lag-1 autocorrelation is the median over blocks of 50 rows with Kendall's (1954)
 * correction for their shortness: a shift inside the window, which is what drift looks like, must not pass for rows that
 * repeat each other.
 */
export function effectiveRows(values: Float64Array): number {
  const n = values.length
  const blocks: number[] = []
  for (let from = 0; from === 0 || from + BLOCK_ROWS <= n; from += BLOCK_ROWS) {
    const r = lagOneAutocorrelation(values.subarray(from, from + BLOCK_ROWS))
    blocks.push(r + (1 + 4 * r) / Math.min(Math.max(n, 1), BLOCK_ROWS))
  }
  blocks.sort((left, right) => left - right)
  const r = blocks[Math.floor(blocks.length / 2)] ?? 0
  return r > MIN_CORRELATION && n > BLOCK_ROWS ? effectiveSampleSize(n, Math.min(0.999, r)) : n
}

function shapeOf(reference: Float64Array, current: Float64Array): Shape {
  const low = Math.min(reference[0] ?? Number.POSITIVE_INFINITY, current[0] ?? Number.POSITIVE_INFINITY)
  const high = Math.max(reference.at(-1) ?? Number.NEGATIVE_INFINITY, current.at(-1) ?? Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { edges: [], reference: [], current: [], psi: null }
  const width = (high - low) / BINS
  const counts = (values: Float64Array) => {
    const bins = new Array<number>(BINS).fill(0)
    for (const value of values) {
      const bin = width > 0 ? Math.min(BINS - 1, Math.floor((value - low) / width)) : 0
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    return bins
  }
  const [ours, theirs] = [counts(reference), counts(current)]
  const shares = (bins: number[], total: number) => bins.map((count) => (total === 0 ? 0 : count / total))
  const psi = reference.length > 0 && current.length > 0 ? psiTest(theirs, ours).psi : Number.NaN
  return {
    edges: Array.from({ length: BINS + 1 }, (_, index) => low + index * width),
    reference: shares(ours, reference.length),
    current: shares(theirs, current.length),
    psi: Number.isFinite(psi) ? psi : null,
  }
}

/** Classes by count, for predicted labels against training labels: contingency chi-square, effect Jensen-Shannon. */
export function compareClasses(args: {
  feature: string
  classes: readonly string[]
  reference: readonly string[]
  current: readonly string[]
}): ComparedFeature {
  const count = (labels: readonly string[]) =>
    args.classes.map((name) => labels.filter((label) => label === name).length)
  const [ours, theirs] = [count(args.reference), count(args.current)]
  const shares = (counts: number[]) => {
    const total = counts.reduce((sum, value) => sum + value, 0)
    return counts.map((value) => (total === 0 ? 0 : value / total))
  }
  const seen = args.classes.map((_, index) => index).filter((index) => (ours[index] ?? 0) + (theirs[index] ?? 0) > 0)
  const table = [seen.map((index) => ours[index] ?? 0), seen.map((index) => theirs[index] ?? 0)]
  const testable = seen.length > 1 && args.reference.length > 0 && args.current.length > 0
  const test = testable ? chiSquareContingency(table) : null
  const effect = testable ? jensenShannonDistance(shares(theirs), shares(ours)) : Number.NaN
  return {
    comparison: {
      feature: args.feature,
      test: 'chi2',
      statistic: test?.statistic ?? Number.NaN,
      p: test?.pValue ?? Number.NaN,
      effect,
      wassersteinSd: null,
      n: args.current.length,
      rows: args.current.length,
      nEffective: args.current.length,
      referenceMissing: 0,
      currentMissing: 0,
      missingP: 1,
    },
    shape: {
      edges: args.classes.map((_, index) => index),
      reference: shares(ours),
      current: shares(theirs),
      psi: null,
    },
  }
}
