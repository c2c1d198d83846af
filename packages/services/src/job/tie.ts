import { type Db, findDatasetVersion, findJobById, findRun, shareLiveAttempt, tieRun } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx, Principal } from '../context.ts'
import { datasetOfVersion } from '../input/describe.ts'

/** How the tokens of attempts begin. */
export const ATTEMPT_TOKEN_PREFIX = 'mya_'

type Writable = { id: string; jobId: string | null }

/**
 * A training process writes to the run of its job and to those it made in it; every other run of the project it only
 * reads. Callers of any other kind pass.
 * @throws Refusal `forbidden`
 */
export function requireRunOfCaller(principal: Principal, run: Writable): void {
  if (principal.kind === 'attempt' && run.jobId !== principal.jobId) refuseOtherJob(run.id)
}

export function refuseOtherJob(runId: string): never {
  return refuse(
    'forbidden',
    `the token of an attempt writes to the runs of its own job, and ${runId} is none of them`,
    {
      field: 'run_id',
    },
  )
}

type Version = { id: string; projectId: string; jobId: string | null; runId: string | null }

/**
 * A training process labels and names the versions that its job made, and no others. Callers of any other kind pass.
 * @throws Refusal `forbidden`
 */
export async function requireVersionOfCaller({ principal }: Ctx, tx: Db, version: Version): Promise<void> {
  if (principal.kind !== 'attempt' || version.jobId === principal.jobId) return
  const { projectId, runId } = version
  const made = runId === null ? null : await findRun(tx, { projectId, id: runId })
  if (made?.run.jobId === principal.jobId) return
  refuse('forbidden', `the token of an attempt changes the versions of its own job, and ${version.id} is none of them`)
}

/**
 * The fence that points carry which the caller logs: its attempt's, 0 outside a job. The attempt cannot end before the
 * transaction does, so nothing arrives after the next attempt has cleared away what it supersedes. To be called before
 * the run is locked: whoever ends an attempt locks in that order.
 * @throws Refusal `fenced` when the attempt has ended since the door let it in
 */
export async function fenceOfCaller(ctx: Ctx, tx: Db): Promise<number> {
  const { principal } = ctx
  if (principal.kind !== 'attempt') return 0
  const { attemptId: id, fence } = principal
  if (!(await shareLiveAttempt(tx, { id, fence }))) refuseEnded(principal)
  return fence
}

export function refuseEnded(attempt: { attemptId: string; fence: number } | null): never {
  return refuse('fenced', `attempt ${attempt?.attemptId} with fence ${attempt?.fence} has ended`)
}

/** Tie a run that was just made to the caller's job: its code, its seed and what it reads. Nothing outside a job. */
export async function tieToJobOfCaller(ctx: Ctx, tx: Db, runId: string): Promise<void> {
  const { principal } = ctx
  if (principal.kind !== 'attempt') return
  await fenceOfCaller(ctx, tx)
  const job = await findJobById(tx, principal.jobId)
  const read = job && (await findDatasetVersion(tx, { projectId: job.projectId, id: job.datasetVersionId }))
  if (!job || !read) throw new Error(`job ${principal.jobId} has lost what it reads`)
  const { id: jobId, codeCommit, seed } = job
  await tieRun(tx, { runId, jobId, codeCommit, seed, dataset: datasetOfVersion(ctx, read), now: ctx.now() })
}
