import { tickDrift } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Compare what endpoints are asked with what their models were trained on. */
export const drift: Loop<Wired> = {
  name: 'drift',
  everyMs: 2_000,
  run: async ({ ctx }) => {
    if ((await tickDrift(ctx)) > 0) await ctx.nudge('alert.due', 'drift')
  },
}
