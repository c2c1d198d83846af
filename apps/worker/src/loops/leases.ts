import { reapAttempts } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Judge attempts and runners that went silent. */
export const leases: Loop<Wired> = {
  name: 'leases',
  everyMs: 1_000,
  run: async ({ ctx, bootedAt }) => {
    await reapAttempts(ctx, { bootedAt: bootedAt() })
  },
}
