/** From verdicts of single windows to one incident per model: drift must last, and so must its absence. */
import type { DriftJudgement, DriftPolicy, DriftVerdict } from './judge.ts'

/** Kept per monitor. `open` while an alert stands. */
export type DriftStreak = { open: boolean; driftedInRow: number; cleanInRow: number }
export const NO_STREAK: DriftStreak = { open: false, driftedInRow: 0, cleanInRow: 0 }

export type DriftSignal = 'open' | 'refresh' | 'resolve' | 'none'
export type DriftStep = { streak: DriftStreak; signal: DriftSignal; severity: DriftVerdict }

/**
 * Opens after `consecutiveWindows` drifted windows, or at once when one effect reaches `immediateEffect`; resolves
 * after `cleanWindows` clean ones. A window with insufficient data neither counts as drift nor as clean.
 */
export function followDrift(streak: DriftStreak, judgement: DriftJudgement, policy: DriftPolicy): DriftStep {
  const { verdict } = judgement
  const isDrift = verdict === 'warn' || verdict === 'critical'
  if (verdict === 'insufficient') return { streak, signal: 'none', severity: verdict }
  const driftedInRow = isDrift ? streak.driftedInRow + 1 : 0
  const cleanInRow = isDrift ? 0 : streak.cleanInRow + 1
  if (streak.open) {
    const over = cleanInRow >= policy.cleanWindows
    const signal = over ? 'resolve' : isDrift ? 'refresh' : 'none'
    return { streak: { open: !over, driftedInRow, cleanInRow }, signal, severity: verdict }
  }
  const opens =
    isDrift && (driftedInRow >= policy.consecutiveWindows || judgement.strongestEffect >= policy.immediateEffect)
  return { streak: { open: opens, driftedInRow, cleanInRow }, signal: opens ? 'open' : 'none', severity: verdict }
}
