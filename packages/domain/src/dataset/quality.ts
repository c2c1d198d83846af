/** Quality gates of a dataset version. A failed gate blocks training and promotion until it is waived with a reason. */
import type { DatasetProfile } from './profile.ts'

/** The project's to set. Ratios in [0, 1]. */
export type QualityThresholds = {
  maxMissingRatio: number
  minClassEntropy: number
  maxDuplicateRatio: number
  minRowsPerClass: number
  minRows: number
}

export const QUALITY_DEFAULTS: QualityThresholds = {
  maxMissingRatio: 0.05,
  minClassEntropy: 0.8,
  maxDuplicateRatio: 0.01,
  minRowsPerClass: 10,
  minRows: 50,
}

export const QUALITY_GATES = [
  'rows',
  'missing',
  'class_entropy',
  'duplicates',
  'class_minimum',
  'constant_columns',
] as const
export type QualityGate = (typeof QUALITY_GATES)[number]

/** `severity` warn never blocks. `detail` names the columns or classes concerned. */
export type GateResult = {
  gate: QualityGate
  pass: boolean
  severity: 'block' | 'warn'
  observed: number
  threshold: number
  detail: string
}
export type QualityVerdict = { pass: boolean; gates: GateResult[] }

/** Judge a profile. Passes when every blocking gate passes. */
export function judgeQuality(
  profile: DatasetProfile,
  thresholds: QualityThresholds = QUALITY_DEFAULTS,
): QualityVerdict {
  const gates = [
    rowsGate(profile, thresholds),
    missingGate(profile, thresholds),
    duplicatesGate(profile, thresholds),
    constantGate(profile),
  ]
  if (profile.classes !== null)
    gates.push(entropyGate(profile.classes, thresholds), classMinimumGate(profile.classes, thresholds))
  return { pass: gates.every(({ pass, severity }) => pass || severity === 'warn'), gates }
}

/** Shannon entropy over its largest possible value: 1 for equal classes, 0 for a single one. */
export function normalisedEntropy(counts: readonly number[]): number {
  const positive = counts.filter((count) => count > 0)
  if (positive.length < 2) return 0
  const total = positive.reduce((sum, count) => sum + count, 0)
  const entropy = positive.reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0)
  return entropy / Math.log(positive.length)
}

function rowsGate(profile: DatasetProfile, { minRows }: QualityThresholds): GateResult {
  const detail = `${profile.rows} rows`
  return {
    gate: 'rows',
    pass: profile.rows >= minRows,
    severity: 'block',
    observed: profile.rows,
    threshold: minRows,
    detail,
  }
}

function missingGate(profile: DatasetProfile, { maxMissingRatio }: QualityThresholds): GateResult {
  const ratios = profile.columns
    .filter(({ role }) => role !== 'ignored')
    .map(({ name, missing, rows }) => ({ name, ratio: rows === 0 ? 1 : missing / rows }))
  const worst = ratios.reduce((high, { ratio }) => Math.max(high, ratio), 0)
  const bad = ratios.filter(({ ratio }) => ratio >= maxMissingRatio && ratio > 0)
  const detail =
    bad.length === 0 ? 'no column misses too much' : `too much missing in ${listNames(bad.map(({ name }) => name))}`
  return {
    gate: 'missing',
    pass: bad.length === 0,
    severity: 'block',
    observed: worst,
    threshold: maxMissingRatio,
    detail,
  }
}

function duplicatesGate(profile: DatasetProfile, { maxDuplicateRatio }: QualityThresholds): GateResult {
  const observed = profile.rows === 0 ? 0 : profile.duplicateRows / profile.rows
  const detail = `${profile.duplicateRows} of ${profile.rows} rows repeat another`
  return {
    gate: 'duplicates',
    pass: observed <= maxDuplicateRatio,
    severity: 'block',
    observed,
    threshold: maxDuplicateRatio,
    detail,
  }
}

function constantGate(profile: DatasetProfile): GateResult {
  const constant = profile.columns
    .filter(({ role, distinct }) => role === 'feature' && distinct <= 1)
    .map(({ name }) => name)
  const detail = constant.length === 0 ? 'every feature varies' : `one single value in ${listNames(constant)}`
  return {
    gate: 'constant_columns',
    pass: constant.length === 0,
    severity: 'warn',
    observed: constant.length,
    threshold: 0,
    detail,
  }
}

type Classes = NonNullable<DatasetProfile['classes']>

function entropyGate(classes: Classes, { minClassEntropy }: QualityThresholds): GateResult {
  const observed = normalisedEntropy(classes.map(({ count }) => count))
  const detail = `${classes.length} classes; the largest has ${classes[0]?.count ?? 0} rows, the smallest ${classes.at(-1)?.count ?? 0}`
  return {
    gate: 'class_entropy',
    pass: observed > minClassEntropy,
    severity: 'block',
    observed,
    threshold: minClassEntropy,
    detail,
  }
}

function classMinimumGate(classes: Classes, { minRowsPerClass }: QualityThresholds): GateResult {
  const small = classes.filter(({ count }) => count < minRowsPerClass)
  const observed = classes.at(-1)?.count ?? 0
  const detail =
    small.length === 0 ? 'every class has enough rows' : `too few rows of ${listNames(small.map(({ value }) => value))}`
  const pass = classes.length > 0 && small.length === 0
  return { gate: 'class_minimum', pass, severity: 'block', observed, threshold: minRowsPerClass, detail }
}

/** At most five names, then how many more. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
