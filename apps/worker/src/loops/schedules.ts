import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Bring the queue's schedules back when its backend lost them. */
export const schedules: Loop<Wired> = {
  name: 'schedules',
  everyMs: 30_000,
  run: async ({ queue, log }) => {
    const changed = await queue.reconcile()
    if (changed > 0) log.info({ changed, backend: queue.backend }, 'schedules of the queue were written')
  },
}
