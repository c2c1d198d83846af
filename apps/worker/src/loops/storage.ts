import { maintainStorage } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Make partitions ahead, drop what is past its time, forget unfinished uploads, remove bytes that nobody names. */
export const storage: Loop<Wired> = {
  name: 'storage',
  everyMs: 6 * 3_600_000,
  run: async ({ ctx, predictionDays, log }) => {
    const maintained = await maintainStorage(ctx, { predictionDays })
    log.info(maintained, 'storage maintained')
  },
}
