import { tickRollouts } from '@modelyard/services'
import type { Loop } from '../loop.ts'

/** Judge every running rollout. */
export const rollouts: Loop = {
  name: 'rollouts',
  everyMs: 1_000,
  run: async ({ ctx, metrics }) => {
    const { moves } = await tickRollouts(ctx)
    for (const { kind, reason } of moves) metrics.rolloutDecisions.inc({ kind, reason })
  },
}
