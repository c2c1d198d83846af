import { tickRollouts } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Judge every running rollout. */
export const rollouts: Loop<Wired> = {
  name: 'rollouts',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    await tickRollouts(ctx)
  },
}
