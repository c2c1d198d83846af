/** Quality gates of a dataset version. A failed gate blocks training and promotion until it is waived with a reason. */
import { named, type Reason, say } from '../reason.ts'
import type { DatasetProfile } from './profile.ts'

/** The project's to set. Ratios in [0, 1]. */
export type QualityThresholds = {
  maxMissingRatio: number
  minClassEntropy: number
  maxDuplicateRatio: number
  minPerClass: number
  minRows: number
  maxConstantRatio: number
}

export const QUALITY_DEFAULTS: QualityThresholds = {
  maxMissingRatio: 0.05,
  minClassEntropy: 0.8,
  maxDuplicateRatio: 0.01,
  minPerClass: 10,
  minRows: 50,
  maxConstantRatio: 0.5,
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

/** `detail` names the columns or classes concerned. */
export type GateResult = {
  gate: QualityGate
  pass: boolean
  observed: number
  threshold: number
  detail: string
  /** Absent in records from before it was kept. */
  reason?: Reason
}
export type QualityVerdict = { pass: boolean; gates: GateResult[] }

/** Judge a profile; thresholds that are not chosen have their defaults. Passes when every gate passes. */
export function judgeQuality(profile: DatasetProfile, chosen: Partial<QualityThresholds> = {}): QualityVerdict {
  const thresholds = { ...QUALITY_DEFAULTS, ...chosen }
  const gates = [
    rowsGate(profile, thresholds),
    missingGate(profile, thresholds),
    duplicatesGate(profile, thresholds),
    constantGate(profile, thresholds),
  ]
  if (profile.classes !== null)
    gates.push(entropyGate(profile.classes, thresholds), classMinimumGate(profile.classes, thresholds))
  return { pass: gates.every(({ pass }) => pass), gates }
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
  return {
    gate: 'rows',
    pass: profile.rows >= minRows,

    observed: profile.rows,
    threshold: minRows,
    ...say('rows', { rows: profile.rows }),
  }
}

function missingGate(profile: DatasetProfile, { maxMissingRatio }: QualityThresholds): GateResult {
  const ratios = profile.columns
    .filter(({ role }) => role !== 'ignored')
    .map(({ name, missing, rows }) => ({ name, ratio: rows === 0 ? 1 : missing / rows }))
  const worst = ratios.reduce((high, { ratio }) => Math.max(high, ratio), 0)
  const bad = ratios.filter(({ ratio }) => ratio >= maxMissingRatio && ratio > 0)
  return {
    gate: 'missing',
    pass: bad.length === 0,

    observed: worst,
    threshold: maxMissingRatio,
    ...(bad.length === 0 ? say('missing_none', {}) : say('missing_in', named(bad.map(({ name }) => name)))),
  }
}

function duplicatesGate(profile: DatasetProfile, { maxDuplicateRatio }: QualityThresholds): GateResult {
  const observed = profile.rows === 0 ? 0 : profile.duplicateRows / profile.rows
  return {
    gate: 'duplicates',
    pass: observed <= maxDuplicateRatio,

    observed,
    threshold: maxDuplicateRatio,
    ...say('duplicates', { count: profile.duplicateRows, rows: profile.rows }),
  }
}

/** A few dead columns are common and harmless (a pixel that is never lit); more than half of them is a broken file. */
function constantGate(profile: DatasetProfile, { maxConstantRatio }: QualityThresholds): GateResult {
  const features = profile.columns.filter(({ role }) => role === 'feature')
  const constant = features.filter(({ distinct }) => distinct <= 1).map(({ name }) => name)
  const observed = features.length === 0 ? 1 : constant.length / features.length
  const said = constant.length === 0 ? say('constant_none', {}) : say('constant_in', named(constant))
  const pass = features.length > 0 && observed <= maxConstantRatio
  return {
    gate: 'constant_columns',
    pass,
    observed,
    threshold: maxConstantRatio,
    ...(features.length === 0 ? say('no_feature', {}) : said),
  }
}

type Classes = NonNullable<DatasetProfile['classes']>

function entropyGate(classes: Classes, { minClassEntropy }: QualityThresholds): GateResult {
  const observed = normalisedEntropy(classes.map(({ count }) => count))
  const sizes = { most: classes[0]?.count ?? 0, least: classes.at(-1)?.count ?? 0 }
  return {
    gate: 'class_entropy',
    pass: observed > minClassEntropy,

    observed,
    threshold: minClassEntropy,
    ...say('class_sizes', { count: classes.length, ...sizes }),
  }
}

function classMinimumGate(classes: Classes, { minPerClass }: QualityThresholds): GateResult {
  const small = classes.filter(({ count }) => count < minPerClass)
  const observed = classes.at(-1)?.count ?? 0
  const said = small.length === 0 ? say('class_enough', {}) : say('class_few', named(small.map(({ value }) => value)))
  const pass = classes.length > 0 && small.length === 0
  return { gate: 'class_minimum', pass, observed, threshold: minPerClass, ...said }
}
