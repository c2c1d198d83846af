import {
  type AttemptRow,
  type LateAttempt,
  listLateAttempts,
  markSuspect,
  notify,
  orderTimeouts,
  setSilentRunnersOffline,
} from '@modelyard/db'
import { judgeLease, LEASE_DEFAULTS, type LeaseFacts } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { endInTransaction } from './end.ts'
import { announce } from './hold.ts'

const BATCH = 200
/** The runner ends an attempt at its time limit by itself; this is for one that does not. */
const TIMEOUT_SLACK_MS = 30_000

export type Reaped = { suspect: number; lost: number; expired: number; offline: number }

/**
 * Judge attempts and runners that went silent. `bootedAt` is since when runners could reach this installation: for one
 * lease after it nobody is judged, because an outage of ours must not end work of theirs.
 */
export async function reapAttempts(ctx: Ctx, args: { bootedAt: Date }): Promise<Reaped> {
  const now = ctx.now()
  const { leaseMs } = LEASE_DEFAULTS
  const judged = (await listLateAttempts(ctx.db, { now, limit: BATCH })).map((late) => ({
    late,
    verdict: judge(ctx, late, args.bootedAt),
  }))
  const suspects = judged.filter(({ verdict }) => verdict === 'suspect').map(({ late }) => late.attemptId)
  const suspect = await suspectThem(ctx, suspects)
  const ended = { lost: 0, expired: 0 }
  for (const { late, verdict } of judged) {
    if (verdict === 'lost' && (await endLate(ctx, late, args.bootedAt)))
      ended[late.state === 'offered' ? 'expired' : 'lost']++
  }
  for (const runnerId of await orderTimeouts(ctx.db, { now, slackMs: TIMEOUT_SLACK_MS }))
    await notify(ctx.db, { channel: 'modelyard_runner', payload: { runnerId } })
  const amnesty = now.getTime() - args.bootedAt.getTime() < leaseMs
  const offline = amnesty
    ? []
    : await setSilentRunnersOffline(ctx.db, { seenBefore: new Date(now.getTime() - leaseMs) })
  return { suspect, ...ended, offline: offline.length }
}

function judge(ctx: Ctx, late: LateAttempt, bootedAt: Date) {
  const facts: LeaseFacts = {
    leaseUntilMs: late.leaseUntil.getTime(),
    fenceUntilMs: late.fenceUntil?.getTime() ?? null,
    state: late.state as LeaseFacts['state'],
  }
  const { leaseMs, skewMs } = LEASE_DEFAULTS
  return judgeLease(ctx.now().getTime(), facts, { leaseMs, skewMs, hubUpSinceMs: bootedAt.getTime() })
}

async function suspectThem(ctx: Ctx, attemptIds: string[]): Promise<number> {
  if (attemptIds.length === 0) return 0
  return ctx.db.transaction(async (tx) => {
    const marked = await markSuspect(tx, { attemptIds, now: ctx.now() })
    for (const { projectId, jobId } of marked) await announce(tx, projectId, [{ noun: 'job', id: jobId }])
    return marked.length
  })
}

/** The lease is judged again under the job's lock: a beat may have come between. */
async function endLate(ctx: Ctx, late: LateAttempt, bootedAt: Date): Promise<boolean> {
  const offered = late.state === 'offered'
  const end = offered
    ? ({ kind: 'rejected', message: 'it did not take the offer in time' } as const)
    : ({ kind: 'lost' } as const)
  return endInTransaction(ctx, { ...late, end, takeRunnerOut: true }, (attempt: AttemptRow) => {
    if (attempt.leaseUntil === null || (attempt.state === 'offered') !== offered) return false
    const { leaseUntil, fenceUntil, state } = attempt
    return judge(ctx, { ...late, state, leaseUntil, fenceUntil }, bootedAt) === 'lost'
  })
}
