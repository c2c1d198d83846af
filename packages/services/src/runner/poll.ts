import type { Poll, Polled } from '@modelyard/contracts'
import { listOffers, takeStops, touchRunner } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asRunner } from '../access.ts'
import type { Ctx } from '../context.ts'
import type { Arm } from '../hub.ts'

/** Between SIGTERM and SIGKILL. */
export const STOP_GRACE_MS = 10_000

type PolledAnswer = z.output<typeof Polled>

/** The stop orders of rows that carry a reason. */
export function stopsOf(rows: { attemptId: string; reason: 'cancel' | 'preempt' | 'timeout' | 'drain' | null }[]) {
  return rows.flatMap(({ attemptId, reason }) => (reason ? [{ attemptId, reason, graceMs: STOP_GRACE_MS }] : []))
}

/**
 * Long poll for offers and stop orders; it is an idle runner's sign of life. The wait is armed before the first look,
 * so that nothing that commits between the two is missed.
 * @throws Refusal `stale` when another session of this runner has said hello since
 */
export async function pollRunner(
  ctx: Ctx,
  input: z.output<typeof Poll>,
  hub: { arm: Arm; signal?: AbortSignal | undefined },
): Promise<PolledAnswer> {
  const { runnerId } = asRunner(ctx)
  const armed = hub.arm('modelyard_runner', (payload) => payload.runnerId === runnerId)
  try {
    const first = await look(ctx, runnerId, input.sessionId)
    if (first.offers.length > 0 || first.stops.length > 0 || input.waitMs === 0) return first
    await armed.wait(input.waitMs, hub.signal)
    return hub.signal?.aborted ? first : await look(ctx, runnerId, input.sessionId)
  } finally {
    armed.disarm()
  }
}

async function look(ctx: Ctx, runnerId: string, sessionId: string): Promise<PolledAnswer> {
  const now = ctx.now()
  const runner = await touchRunner(ctx.db, { id: runnerId, sessionId, now })
  if (!runner)
    return refuse('stale', 'another session of this runner has begun: say hello again', { field: 'sessionId' })
  const offers = runner.state === 'online' ? await listOffers(ctx.db, { runnerId, now }) : []
  return { offers, stops: stopsOf(await takeStops(ctx.db, runnerId)) }
}
