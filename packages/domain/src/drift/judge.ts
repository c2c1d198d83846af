/**
 * Drift verdicts. A feature has drifted when three things hold together: its adjusted p-value lies under the level that
 * the false-alarm budget leaves this window, its effect is large enough to matter, and there was enough data to say so.
 * Numbers that are not finite, and windows that are too small, are `insufficient`, never `ok`.
 */
import { adjustPValues, type Correction } from '@modelyard/stats'

/** One feature's comparison with the reference. `effect` is KS D (or the test's own distance) in [0, 1]. */
export type FeatureComparison = {
  feature: string
  test: string
  statistic: number
  p: number
  effect: number
  /** Wasserstein distance over the reference's standard deviation, where the feature is numeric. */
  wassersteinSd: number | null
  /** Rows with a value, the same after allowing for rows that repeat each other, and all rows of the window. */
  n: number
  nEffective: number
  rows: number
  referenceMissing: number
  currentMissing: number
  missingP: number
}

/** `falseAlarmsPerMonth` per model; `windowsPerMonth` how often it is judged. Effects as D; missing in ratio. */
export type DriftPolicy = {
  falseAlarmsPerMonth: number
  windowsPerMonth: number
  correction: Correction
  warnEffect: number
  criticalEffect: number
  warnW1: number
  criticalW1: number
  minEffective: number
  missingIncrease: number
  immediateEffect: number
  consecutiveWindows: number
  cleanWindows: number
}

export const DRIFT_DEFAULTS: DriftPolicy = {
  falseAlarmsPerMonth: 1,
  windowsPerMonth: 720,
  correction: 'benjamini-hochberg',
  warnEffect: 0.1,
  criticalEffect: 0.2,
  warnW1: 0.25,
  criticalW1: 0.5,
  minEffective: 200,
  missingIncrease: 0.02,
  immediateEffect: 0.3,
  consecutiveWindows: 2,
  cleanWindows: 3,
}

export const DRIFT_VERDICTS = ['ok', 'warn', 'critical', 'insufficient'] as const
export type DriftVerdict = (typeof DRIFT_VERDICTS)[number]

export type FeatureVerdict = FeatureComparison & {
  verdict: DriftVerdict
  pAdjusted: number | null
  significant: boolean
  large: boolean
  missingVerdict: DriftVerdict
  reason: string
}

/** `level`: the q at which adjusted p-values were compared. Features come worst first. */
export type DriftJudgement = {
  verdict: DriftVerdict
  level: number
  features: FeatureVerdict[]
  drifted: number
  insufficient: number
  strongestEffect: number
  sentence: string
}

/** The level a window may spend: the month's budget over its windows. */
export function alarmLevel(policy: DriftPolicy): number {
  return Math.min(1, policy.falseAlarmsPerMonth / Math.max(1, policy.windowsPerMonth))
}

/**
 * Judge one window of all features. All tests of the window, of shape and of missing values, share one correction and so
 * one budget.
 */
export function judgeDrift(
  comparisons: readonly FeatureComparison[],
  policy: DriftPolicy = DRIFT_DEFAULTS,
): DriftJudgement {
  const level = alarmLevel(policy)
  const adjusted = adjustTogether(comparisons, policy)
  const features = comparisons.map((comparison, index) =>
    judgeFeature(comparison, { policy, level, pAdjusted: null, missingP: null, ...adjusted[index] }),
  )
  features.sort(
    (left, right) => rank(right.verdict) - rank(left.verdict) || sortable(right.effect) - sortable(left.effect),
  )
  const drifted = features.filter(({ verdict }) => verdict === 'warn' || verdict === 'critical')
  const insufficient = features.filter(({ verdict }) => verdict === 'insufficient').length
  return {
    verdict: overall(features),
    level,
    features,
    drifted: drifted.length,
    insufficient,
    strongestEffect: drifted.reduce((high, { effect }) => Math.max(high, sortable(effect)), 0),
    sentence: sentenceOf(drifted, { total: features.length, insufficient }),
  }
}

/** Why a comparison cannot be judged, or null. */
function whyUnusable(comparison: FeatureComparison, policy: DriftPolicy): string | null {
  const { p, effect, nEffective } = comparison
  if (!Number.isFinite(p) || !Number.isFinite(effect) || p < 0 || p > 1) return 'the test gave no finite number'
  if (!(nEffective >= policy.minEffective))
    return `only ${Math.max(0, Math.floor(sortable(nEffective)))} effective rows of the ${policy.minEffective} it takes`
  return null
}

/** A feature without a missing value on either side (p = 1) is not tested for it and costs the others nothing. */
function missingTestable({ rows, missingP }: FeatureComparison, policy: DriftPolicy): boolean {
  return rows >= policy.minEffective && missingP >= 0 && missingP < 1
}

type Adjusted = { pAdjusted?: number; missingP?: number }

function adjustTogether(comparisons: readonly FeatureComparison[], policy: DriftPolicy): Adjusted[] {
  const tests = comparisons.flatMap((comparison, row) => [
    ...(whyUnusable(comparison, policy) === null ? [{ row, of: 'pAdjusted' as const, p: comparison.p }] : []),
    ...(missingTestable(comparison, policy) ? [{ row, of: 'missingP' as const, p: comparison.missingP }] : []),
  ])
  const adjusted = adjustPValues(
    tests.map(({ p }) => p),
    policy.correction,
  )
  const result: Adjusted[] = comparisons.map(() => ({}))
  tests.forEach(({ row, of }, index) => {
    const target = result[row]
    if (target !== undefined) target[of] = adjusted[index] ?? 1
  })
  return result
}

type FeatureContext = { policy: DriftPolicy; level: number; pAdjusted: number | null; missingP: number | null }

function judgeFeature(comparison: FeatureComparison, context: FeatureContext): FeatureVerdict {
  const { policy, level, pAdjusted } = context
  const missingVerdict = judgeMissing(comparison, context)
  const unusable = whyUnusable(comparison, policy)
  const size = unusable === null ? effectClass(comparison, policy) : 'ok'
  const significant = pAdjusted !== null && pAdjusted <= level
  const shape: DriftVerdict = unusable !== null ? 'insufficient' : significant ? size : 'ok'
  const verdict = rank(missingVerdict) > rank(shape) ? missingVerdict : shape
  const large = size !== 'ok'
  const reason = reasonOf({ shape, missingVerdict, significant, large, unusable })
  return { ...comparison, verdict, pAdjusted, significant, large, missingVerdict, reason }
}

function effectClass({ effect, wassersteinSd }: FeatureComparison, policy: DriftPolicy): 'ok' | 'warn' | 'critical' {
  const w1 = wassersteinSd !== null && Number.isFinite(wassersteinSd) ? wassersteinSd : 0
  if (effect >= policy.criticalEffect || w1 >= policy.criticalW1) return 'critical'
  return effect >= policy.warnEffect || w1 >= policy.warnW1 ? 'warn' : 'ok'
}

function judgeMissing(
  { referenceMissing, currentMissing }: FeatureComparison,
  { policy, level, missingP }: FeatureContext,
): DriftVerdict {
  const increase = currentMissing - referenceMissing
  if (!Number.isFinite(increase)) return 'insufficient'
  const proven = missingP !== null && missingP <= level
  if (!proven || increase < policy.missingIncrease) return 'ok'
  return increase >= 5 * policy.missingIncrease ? 'critical' : 'warn'
}

type Reasons = {
  shape: DriftVerdict
  missingVerdict: DriftVerdict
  significant: boolean
  large: boolean
  unusable: string | null
}

function reasonOf({ shape, missingVerdict, significant, large, unusable }: Reasons): string {
  if (missingVerdict === 'warn' || missingVerdict === 'critical') return 'more values are missing than in the reference'
  if (unusable !== null) return unusable
  if (shape !== 'ok') return 'differs from the reference, beyond chance and by enough to matter'
  if (significant) return 'differs beyond chance, but too little to matter'
  return large ? 'looks different, but chance explains it' : 'no difference found'
}

const RANKS: Readonly<Record<DriftVerdict, number>> = { ok: 0, insufficient: 1, warn: 2, critical: 3 }
const rank = (verdict: DriftVerdict): number => RANKS[verdict]
const sortable = (value: number): number => (Number.isFinite(value) ? value : 0)

/** Drift anywhere wins; otherwise anything undecided keeps the whole from being `ok`. No features: insufficient. */
function overall(features: readonly FeatureVerdict[]): DriftVerdict {
  return features.reduce<DriftVerdict>(
    (worst, { verdict }) => (rank(verdict) > rank(worst) ? verdict : worst),
    features.length === 0 ? 'insufficient' : 'ok',
  )
}

function sentenceOf(
  drifted: readonly FeatureVerdict[],
  { total, insufficient }: { total: number; insufficient: number },
): string {
  if (total === 0) return 'insufficient data: no feature was compared'
  if (drifted.length > 0) {
    const strongest = drifted[0]
    return `${drifted.length} of ${total} features drifted, most of all ${strongest?.feature ?? ''} (effect ${sortable(strongest?.effect ?? 0).toFixed(2)})`
  }
  return insufficient > 0
    ? `insufficient data for ${insufficient} of ${total} features; no drift found in the others`
    : `no drift in ${total} features`
}
