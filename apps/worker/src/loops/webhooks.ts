import { deliverWebhooks } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Tell webhooks what commits left for them. */
export const webhooks: Loop<Wired> = {
  name: 'webhooks',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    await deliverWebhooks(ctx, Math.random)
  },
}
