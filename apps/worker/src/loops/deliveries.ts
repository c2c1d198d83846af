import { deliverAlerts } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Send alerts that are due. */
export const deliveries: Loop<Wired> = {
  name: 'deliveries',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    await deliverAlerts(ctx, Math.random)
  },
}
