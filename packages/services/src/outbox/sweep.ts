import { delayOutbox, finishOutbox, type OutboxRow, takeOutbox } from '@modelyard/db'
import { alertOnRollback } from '../alert/on-rollback.ts'
import type { Ctx } from '../context.ts'
import { ROLLED_BACK_TOPIC } from '../rollout/move.ts'

const LEASE_MS = 60_000
const BATCH = 50
const LONGEST_MS = 15 * 60_000

type Work = (ctx: Ctx, payload: OutboxRow['payload']) => Promise<void>

/** What follows from each announcement; every one may come twice. */
const WORK: Readonly<Record<string, Work>> = {
  [ROLLED_BACK_TOPIC]: (ctx, { rolloutId }) => alertOnRollback(ctx, { rolloutId: String(rolloutId) }),
}

export type SweptOutbox = { done: number; failed: number }

/** Do what commits announced. One that fails comes back later and later, and holds no other one up. */
export async function sweepOutbox(ctx: Ctx): Promise<SweptOutbox> {
  const swept: SweptOutbox = { done: 0, failed: 0 }
  const scope = { topics: Object.keys(WORK), now: ctx.now(), leaseMs: LEASE_MS, limit: BATCH }
  for (const row of await takeOutbox(ctx.db, scope)) {
    try {
      await WORK[row.topic]?.(ctx, row.payload)
      await finishOutbox(ctx.db, { id: row.id, now: ctx.now() })
      swept.done += 1
    } catch (error) {
      swept.failed += 1
      const until = new Date(ctx.now().getTime() + Math.min(LONGEST_MS, 1_000 * 2 ** row.attempts))
      const detail = { err: error, outboxId: row.id, topic: row.topic, projectId: row.projectId }
      ctx.log.error(detail, 'what a commit announced could not be done')
      await delayOutbox(ctx.db, { id: row.id, until, error: String(error).slice(0, 500) })
    }
  }
  return swept
}
