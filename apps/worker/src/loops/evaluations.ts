import { sweepEvaluations } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Evaluate model versions that somebody asked for, one at a time. */
export const evaluations: Loop<Wired> = {
  name: 'evaluations',
  everyMs: 2_000,
  run: async ({ ctx, runModel }) => {
    await sweepEvaluations(ctx, runModel)
  },
}
