import { sweepOutbox } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Do what commits announced. */
export const outbox: Loop<Wired> = {
  name: 'outbox',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    const { done } = await sweepOutbox(ctx)
    if (done > 0) await ctx.nudge('alert.due', 'outbox')
  },
}
