import type { RolloutPolicy } from '@modelyard/contracts'

export const presetNames = ['careful', 'standard', 'fast'] as const
export type PresetName = (typeof presetNames)[number]

const shares: Record<PresetName, { weights: number[]; minDwellS: number; minUnits: number }> = {
  careful: { weights: [100, 500, 1_000, 2_500, 5_000], minDwellS: 600, minUnits: 500 },
  standard: { weights: [1_000, 2_500, 5_000], minDwellS: 300, minUnits: 300 },
  fast: { weights: [1_000, 5_000], minDwellS: 30, minUnits: 100 },
}

/** A ladder of shares with how long and how many requests each takes at least; the statistics may take longer. */
export function policyOf(preset: PresetName, alpha: number): RolloutPolicy {
  const { weights, minDwellS, minUnits } = shares[preset]
  return {
    steps: weights.map((weightBps) => ({ weightBps, minDwellS, minUnits })),
    alpha,
    guards: ['errors', 'quality', 'latency'],
    margin: 1.25,
    maxDurationS: 86_400,
  }
}
