import type { Job } from '@modelyard/contracts'
import {
  cancelQueued,
  type Db,
  findJob,
  type JobRow,
  listAttempts,
  lockJob,
  notify,
  requestCancel,
  setRunStatus,
} from '@modelyard/db'
import { isJobOver, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { endAttempt, tellEnd } from './end.ts'
import { jobView } from './view.ts'

/**
 * Cancel a job. One that no runner took ends at once; of a running one the runner is told to stop, and whatever it
 * reports then, the job ends canceled.
 */
export async function cancelJob(
  ctx: Ctx,
  input: { project: string; jobId: string; idempotencyKey: string },
): Promise<Job> {
  const { project } = await inProject(ctx, input.project, 'job.cancel')
  const request = { jobId: input.jobId }
  let ended: Ended | null = null
  await mutate(
    ctx,
    { verb: 'job.cancel', projectId: project.id, idempotency: { key: input.idempotencyKey, request } },
    async (tx) => {
      const found = await findJob(tx, { projectId: project.id, id: input.jobId })
      const job = found && (await lockJob(tx, found.id))
      if (!job) return refuse('not_found', `there is no job ${input.jobId} in ${input.project}`, { field: 'jobId' })
      if (isJobOver(job.state)) refuse('conflict', `job ${job.name} is ${job.state} already`, { field: 'jobId' })
      const first = job.cancelRequestedAt === null
      if (first) ended = await stop(ctx, tx, job)
      return {
        answer: { jobId: job.id },
        note: first
          ? {
              action: 'job.cancel_requested',
              targetKind: 'job',
              targetId: job.id,
              summary: `Job ${job.name} is to be canceled`,
            }
          : null,
        changes: [
          { noun: 'job', id: job.id },
          { noun: 'run', id: job.runId },
        ],
      }
    },
  )
  if (ended) tellEnd(ctx, ended)
  const row = await findJob(ctx.db, { projectId: project.id, id: input.jobId })
  if (!row) throw new Error(`job ${input.jobId} is gone`)
  return jobView(row, await listAttempts(ctx.db, row.id))
}

type Ended = Parameters<typeof tellEnd>[1]

/** Stop it, or have it stopped; answers the offer that ended with it. */
async function stop(ctx: Ctx, tx: Db, job: JobRow): Promise<Ended | null> {
  const now = ctx.now()
  if (await cancelQueued(tx, { jobId: job.id, now })) {
    await setRunStatus(tx, { runId: job.runId, status: 'killed', now })
    return null
  }
  await requestCancel(tx, { jobId: job.id, now })
  const live = (await listAttempts(tx, job.id)).find(({ attempt }) => attempt.endedAt === null)?.attempt
  if (!live) return null
  if (live.state === 'offered') {
    const canceled = { attempt: live, job: { ...job, cancelRequestedAt: now }, end: { kind: 'canceled' } } as const
    const ending = await endAttempt(ctx, tx, canceled)
    return ending && { attemptId: live.id, job, ending }
  }
  await notify(tx, { channel: 'modelyard_runner', payload: { runnerId: live.runnerId } })
  return null
}
