import { reapAttempts } from '@modelyard/services'
import type { Loop } from '../loop.ts'

/** Judge attempts and runners that went silent. */
export const leases: Loop = {
  name: 'leases',
  everyMs: 1_000,
  run: async ({ ctx, bootedAt }) => {
    await reapAttempts(ctx, { bootedAt: bootedAt() })
  },
}
