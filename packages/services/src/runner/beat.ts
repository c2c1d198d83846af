import type { Beat, Beaten } from '@modelyard/contracts'
import { drainRunner, listStops, renewLeases, touchRunner } from '@modelyard/db'
import { LEASE_DEFAULTS, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asRunner } from '../access.ts'
import type { Ctx } from '../context.ts'
import { stopsOf } from './poll.ts'

/** Renew the leases of what runs. Answers every open stop order, and what the runner must kill because it is fenced. */
export async function beatRunner(ctx: Ctx, input: z.output<typeof Beat>): Promise<z.output<typeof Beaten>> {
  const { runnerId } = asRunner(ctx)
  const now = ctx.now()
  if (!(await touchRunner(ctx.db, { id: runnerId, sessionId: input.sessionId, now })))
    refuse('stale', 'another session of this runner has begun: say hello again', { field: 'sessionId' })
  const kept = await renewLeases(ctx.db, { runnerId, live: input.live, now, leaseMs: LEASE_DEFAULTS.leaseMs })
  const fenced = input.live.map(({ attemptId }) => attemptId).filter((id) => !kept.includes(id))
  return { stops: stopsOf(await listStops(ctx.db, runnerId)), fenced }
}

/** The runner goes away in good order: it gets no more offers until it says hello again. */
export async function leaveRunner(ctx: Ctx, input: { sessionId: string }): Promise<{ left: boolean }> {
  const { runnerId } = asRunner(ctx)
  return { left: await drainRunner(ctx.db, { id: runnerId, sessionId: input.sessionId }) }
}
