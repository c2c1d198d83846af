import type { Accepted } from '@modelyard/contracts'
import {
  type AttemptRow,
  type Db,
  dropSupersededPoints,
  findDatasetVersionRow,
  findExperimentNumberOfRun,
  findJobById,
  type JobRow,
  listOwnedDevices,
  lockAttempt,
  lockJob,
  setAttemptToken,
  setRunStatus,
  startAttempt,
} from '@modelyard/db'
import { hexOfId, LEASE_DEFAULTS, refuse, renewLease } from '@modelyard/domain'
import { asRunner } from '../access.ts'
import type { Ctx } from '../context.ts'
import { loadSplit } from '../dataset/load.ts'
import { endInTransaction } from './end.ts'
import { announce, readOwnAttempt } from './hold.ts'
import { ATTEMPT_TOKEN_PREFIX } from './tie.ts'

const STARTED: readonly AttemptRow['state'][] = ['running', 'suspect', 'stopping']

/**
 * Take an offer: the attempt runs from now on under its fence. Asked again by the same runner it answers the same, so
 * a lost reply costs nothing. Points that earlier attempts logged make way.
 * @throws Refusal `fenced` when the offer no longer stands
 */
export async function acceptOffer(ctx: Ctx, input: { attemptId: string }): Promise<Accepted> {
  const attempt = await readOwnAttempt(ctx, input.attemptId)
  const job = await findJobById(ctx.db, attempt.jobId)
  if (!job) throw new Error(`attempt ${attempt.id} has no job`)
  const inputs = await inputsOf(ctx, job)
  const started = await ctx.db.transaction((tx) => start(ctx, tx, { attempt, job }))
  const devices = (await listOwnedDevices(ctx.db, attempt.id)).filter(({ kind }) => kind !== 'cpu')
  return {
    fence: started.fence,
    fenceAfterMs: job.fenceAfterS * 1000,
    timeoutMs: job.timeoutS * 1000,
    spec: {
      jobId: job.id,
      runId: job.runId,
      attempt: started.number,
      recipe: job.recipe,
      seed: job.seed,
      params: job.params,
      dataset: inputs.dataset,
    },
    inputs: inputs.files,
    devices: devices.map(({ index, uuid }) => ({ index, uuid })),
    traceparent: job.traceparent,
    mlflow: {
      token: tokenOf(ctx, started),
      runId: hexOfId(job.runId),
      experimentId: String(await findExperimentNumberOfRun(ctx.db, job.runId)),
    },
  }
}

/** Derived and not drawn: a reply that was lost, or came after the next one, holds the same token. */
function tokenOf(ctx: Ctx, attempt: AttemptRow): string {
  return `${ATTEMPT_TOKEN_PREFIX}${ctx.seal.derive(`attempt ${attempt.id} ${attempt.fence}`)}`
}

/** What the attempt reads. Gathered before the transaction: the row numbers of the split come from the file itself. */
async function inputsOf(
  ctx: Ctx,
  job: JobRow,
): Promise<{
  dataset: Accepted['spec']['dataset']
  files: Accepted['inputs']
}> {
  const version = await findDatasetVersionRow(ctx.db, job.datasetVersionId)
  if (!version) throw new Error(`job ${job.id} reads a dataset version that is gone`)
  const split = await loadSplit(ctx, version.id)
  const { format, labelColumn, classes, sha256, sizeBytes } = version
  const file = `inputs/dataset.${format}`
  return { dataset: { file, format, labelColumn, classes, split }, files: [{ file, sha256, sizeBytes }] }
}

async function start(ctx: Ctx, tx: Db, args: { attempt: AttemptRow; job: JobRow }): Promise<AttemptRow> {
  const { runnerId } = asRunner(ctx)
  const job = await lockJob(tx, args.job.id)
  const current = await lockAttempt(tx, args.attempt.id)
  const again = current !== null && current.endedAt === null && STARTED.includes(current.state)
  if (again) return keepToken(ctx, tx, current)
  const now = ctx.now()
  const { leaseUntilMs, fenceUntilMs } = renewLease(now.getTime(), LEASE_DEFAULTS.leaseMs, args.job.fenceAfterS * 1000)
  const started = await startAttempt(tx, {
    id: args.attempt.id,
    runnerId,
    now,
    leaseUntil: new Date(leaseUntilMs),
    fenceUntil: new Date(fenceUntilMs ?? leaseUntilMs),
  })
  if (!started || !job) return refuse('fenced', `the offer ${args.attempt.id} no longer stands`, { field: 'attemptId' })
  await keepToken(ctx, tx, started)
  await setRunStatus(tx, { runId: job.runId, status: 'running', now })
  await dropSupersededPoints(tx, { runId: job.runId, beforeFence: started.fence })
  await announce(tx, job.projectId, [
    { noun: 'job', id: job.id },
    { noun: 'run', id: job.runId },
  ])
  return started
}

/** Only the hash is kept, so that whoever reads the database logs in nobody's name. */
async function keepToken(ctx: Ctx, tx: Db, attempt: AttemptRow): Promise<AttemptRow> {
  const tokenSha256 = ctx.sha256(tokenOf(ctx, attempt))
  if (attempt.tokenSha256 !== tokenSha256) await setAttemptToken(tx, { id: attempt.id, tokenSha256 })
  return attempt
}

/** Decline an offer; the job goes back to the queue. An offer that is gone already is no error. */
export async function rejectOffer(
  ctx: Ctx,
  input: { attemptId: string; reason: string },
): Promise<{ rejected: boolean }> {
  const attempt = await readOwnAttempt(ctx, input.attemptId)
  const end = { kind: 'rejected', message: input.reason } as const
  const given = { attemptId: attempt.id, jobId: attempt.jobId, end, takeRunnerOut: false }
  return { rejected: await endInTransaction(ctx, given, ({ state }) => state === 'offered') }
}
