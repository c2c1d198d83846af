import { planJobs } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Offer queued jobs to runners that fit. */
export const planner: Loop<Wired> = {
  name: 'planner',
  everyMs: 1_000,
  run: async ({ ctx }) => {
    await planJobs(ctx)
  },
}
