import {
  type AttemptRow,
  appendLedger,
  type Db,
  endAttemptRow,
  type JobRow,
  lockAttempt,
  lockJob,
  notify,
  setRunStatus,
} from '@modelyard/db'
import { type AttemptEnd, decideEnding, type Ending } from '@modelyard/domain'
import { actorOf, type Ctx } from '../context.ts'
import { announce } from './hold.ts'

export type EndOfAttempt = {
  attempt: Pick<AttemptRow, 'id' | 'fence' | 'number' | 'runnerId'>
  job: JobRow
  end: AttemptEnd
  exitCode?: number | null
  modelVersionId?: string
  takeRunnerOut?: boolean
  /** The fault is in what was handed in, and would be the same again: no further try. */
  final?: boolean
}

const RUN_STATUS = { queued: 'scheduled', succeeded: 'finished', failed: 'failed', canceled: 'killed' } as const
type Resting = keyof typeof RUN_STATUS

/**
 * End an attempt inside the caller's transaction, which holds the job's row: attempt, devices, job, run, ledger and
 * nudges together. Null when it had ended already.
 */
export async function endAttempt(ctx: Ctx, tx: Db, args: EndOfAttempt): Promise<Ending | null> {
  const { attempt, job } = args
  const now = ctx.now()
  const ending = decideEnding(
    {
      attemptNo: job.attemptNo,
      maxAttempts: args.final ? 0 : job.maxAttempts,
      infraRestarts: job.infraRestarts,
      maxInfraRestarts: job.maxInfraRestarts,
      cancelRequested: job.cancelRequestedAt !== null,
    },
    args.end,
  )
  const state = ending.job as Resting
  const ended = await endAttemptRow(tx, {
    attemptId: attempt.id,
    fence: attempt.fence,
    now,
    attempt: ending.attempt,
    failClass: ending.failClass,
    exitCode: args.exitCode ?? null,
    reason: ending.reason.slice(0, 2000),
    job: state,
    infraRestarts: ending.infraRestarts,
    availableAt: new Date(now.getTime() + ending.availableInMs),
    modelVersionId: args.modelVersionId ?? null,
    takeRunnerOut: args.takeRunnerOut ?? false,
  })
  if (!ended) return null
  await setRunStatus(tx, { runId: job.runId, status: RUN_STATUS[state], now })
  await record(ctx, tx, { ...args, ending, state })
  await notify(tx, { channel: 'modelyard_plan', payload: {} })
  await announce(tx, job.projectId, [
    { noun: 'job', id: job.id },
    { noun: 'run', id: job.runId },
  ])
  return ending
}

async function record(ctx: Ctx, tx: Db, args: EndOfAttempt & { ending: Ending; state: Resting }): Promise<void> {
  const { attempt, job, ending, state } = args
  const happened = state === 'queued' ? `goes back to the queue: ${ending.reason}` : `${state}: ${ending.reason}`
  await appendLedger(tx, {
    projectId: job.projectId,
    at: ctx.now(),
    actor: actorOf(ctx.principal),
    action: state === 'queued' ? 'job.requeued' : `job.${state}`,
    targetKind: 'job',
    targetId: job.id,
    summary: `Job ${job.name} ${happened}`.slice(0, 500),
    detail: {
      attemptId: attempt.id,
      attempt: attempt.number,
      runnerId: attempt.runnerId,
      failClass: ending.failClass,
      ...(args.modelVersionId ? { modelVersionId: args.modelVersionId } : {}),
    },
  })
}

/** Tell of an end that was committed. */
export function tellEnd(ctx: Ctx, args: { attemptId: string; job: JobRow; ending: Ending }): void {
  const { attemptId, job, ending } = args
  const { attempt: state, failClass } = ending
  ctx.happened({ kind: 'attempt_ended', jobId: job.id, attemptId, state, failClass, traceparent: job.traceparent })
}

/** End one attempt in a transaction of its own. False when it had ended, or `stands` says so no longer holds. */
export async function endInTransaction(
  ctx: Ctx,
  args: { attemptId: string; jobId: string; end: AttemptEnd; takeRunnerOut: boolean },
  stands: (attempt: AttemptRow) => boolean,
): Promise<boolean> {
  const ended = await ctx.db.transaction(async (tx) => {
    const job = await lockJob(tx, args.jobId)
    const attempt = await lockAttempt(tx, args.attemptId)
    if (!job || !attempt || attempt.endedAt !== null || !stands(attempt)) return null
    const ending = await endAttempt(ctx, tx, { ...args, job, attempt })
    return ending && { job, ending }
  })
  if (ended) tellEnd(ctx, { ...ended, attemptId: args.attemptId })
  return ended !== null
}
