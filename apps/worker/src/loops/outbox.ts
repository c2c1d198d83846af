import { sweepOutbox } from '@modelyard/services'
import type { Loop } from '../loop.ts'

/** Do what commits announced. */
export const outbox: Loop = {
  name: 'outbox',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    const { done } = await sweepOutbox(ctx)
    if (done > 0) await ctx.nudge('alert.due', 'outbox')
  },
}
