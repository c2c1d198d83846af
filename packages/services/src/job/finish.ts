import { type Finish, type Finished, RecipeResult } from '@modelyard/contracts'
import { type AttemptRow, type Db, findJobById, type JobRow, listArtifacts, lockAttempt, lockJob } from '@modelyard/db'
import { type AttemptEnd, type AttemptState, isAttemptOver, isRefusal, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { readSignature } from '../model/inspect.ts'
import { registerTrained, type TrainedModel } from '../model/register-trained.ts'
import { endAttempt, tellEnd } from './end.ts'
import { readOwnAttempt } from './hold.ts'

type Report = z.output<typeof Finish>
type Answer = z.output<typeof Finished>
/** `final`: the fault lies in what was handed in, so another try would end the same. */
type Judged = { end: AttemptEnd; final: boolean; trained: TrainedModel | null }

const OUTCOME_STATE: Record<Report['outcome'], readonly AttemptState[]> = {
  // What the runner calls a success ends as failed when its result does not hold, and as canceled when that was asked.
  succeeded: ['succeeded', 'failed', 'canceled'],
  failed: ['failed', 'preempted', 'canceled'],
  canceled: ['canceled', 'failed', 'preempted'],
  preempted: ['preempted', 'failed', 'canceled'],
}

/**
 * The end of an attempt as its runner saw it. Taken only when every byte of its log and every batch of its metrics is
 * here; said again it changes nothing. A success registers its model version in the same transaction; one whose result
 * or model does not hold ends the job as the user's error, with the reason.
 * @throws Refusal `gap` with `details.next`, `fenced` when another attempt took over
 */
export async function finishAttempt(ctx: Ctx, input: Report): Promise<Answer> {
  const attempt = await readOwnAttempt(ctx, input.attemptId)
  const already = replayed(attempt, input)
  if (already) return { state: 'already', jobState: await jobStateOf(ctx, attempt) }
  requireWhole(attempt, input)
  const judged = await judge(ctx, attempt, input)
  try {
    return await commit(ctx, { attempt, input, judged })
  } catch (error) {
    if (!judged.trained || !isRefusal(error) || !['invalid', 'unsupported', 'blocked', 'mismatch'].includes(error.code))
      throw error
    return commit(ctx, { attempt, input, judged: userError(error.message) })
  }
}

/** Whether this very end is recorded. @throws Refusal `fenced` when the attempt ended otherwise */
function replayed(attempt: AttemptRow, input: Report): boolean {
  const isSame = attempt.fence === input.fence
  if (isSame && attempt.endedAt === null) {
    if (attempt.state === 'offered')
      refuse('conflict', `attempt ${attempt.id} was never accepted`, { field: 'attemptId' })
    return false
  }
  if (isSame && isAttemptOver(attempt.state) && OUTCOME_STATE[input.outcome].includes(attempt.state)) return true
  return refuse('fenced', `attempt ${attempt.id} with fence ${input.fence} ended as ${attempt.state}`, {
    field: 'fence',
    details: { attemptId: attempt.id },
  })
}

async function jobStateOf(ctx: Ctx, attempt: AttemptRow): Promise<string> {
  return (await findJobById(ctx.db, attempt.jobId))?.state ?? 'failed'
}

function requireWhole(attempt: AttemptRow, input: Report): void {
  const { logBytes, nextMetricSeq } = attempt
  if (logBytes > input.logBytes || nextMetricSeq > input.nextMetricSeq)
    refuse('invalid', `attempt ${attempt.id} has sent more than it now says it wrote`, { field: 'logBytes' })
  if (logBytes < input.logBytes)
    refuse('gap', `${input.logBytes - logBytes} bytes of the log are missing`, {
      field: 'logBytes',
      details: { next: logBytes },
    })
  if (nextMetricSeq < input.nextMetricSeq)
    refuse('gap', `${input.nextMetricSeq - nextMetricSeq} batches of metrics are missing`, {
      field: 'nextMetricSeq',
      details: { next: nextMetricSeq },
    })
}

async function judge(ctx: Ctx, attempt: AttemptRow, input: Report): Promise<Judged> {
  if (input.outcome === 'succeeded') return judgeResult(ctx, attempt, input)
  if (input.outcome === 'canceled') {
    // Nobody asked for it, so the machine did it.
    const asked = attempt.stopReason === 'cancel'
    const message = input.reason ?? 'stopped by its runner'
    return plain(asked ? { kind: 'canceled' } : { kind: 'failed', failClass: 'infra', message })
  }
  if (input.outcome === 'preempted') return plain({ kind: 'preempted' })
  return plain({
    kind: 'failed',
    failClass: input.failClass ?? 'user',
    message: input.reason ?? `ended with exit code ${input.exitCode}`,
  })
}

const plain = (end: AttemptEnd): Judged => ({ end, final: false, trained: null })
const userError = (message: string): Judged => ({
  end: { kind: 'failed', failClass: 'user', message },
  final: true,
  trained: null,
})

/** Everything that needs the model's bytes, before the transaction. */
async function judgeResult(ctx: Ctx, attempt: AttemptRow, input: Report): Promise<Judged> {
  const parsed = RecipeResult.safeParse(input.result)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return userError(`result.json: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
  }
  const result = parsed.data
  const job = await findJobById(ctx.db, attempt.jobId)
  if (!job) throw new Error(`attempt ${attempt.id} has no job`)
  const artifacts = await listArtifacts(ctx.db, { projectId: job.projectId, ownerId: job.runId })
  const file = artifacts.find(({ path }) => path === result.model.file)
  if (!file) return userError(`result.json names the model ${result.model.file}, which was not handed over`)
  try {
    const signature = await readSignature(ctx, file.sha256)
    const { sha256, sizeBytes } = file
    return { end: { kind: 'succeeded' }, final: false, trained: { sha256, sizeBytes, signature, result } }
  } catch (error) {
    if (!isRefusal(error) || error.retryable) throw error
    return userError(`${result.model.file}: ${error.message}`)
  }
}

async function commit(ctx: Ctx, args: { attempt: AttemptRow; input: Report; judged: Judged }): Promise<Answer> {
  const { input, judged } = args
  const committed = await ctx.db.transaction(async (tx) => {
    const job = await lockJob(tx, args.attempt.jobId)
    const attempt = await lockAttempt(tx, args.attempt.id)
    if (!job || !attempt) throw new Error(`attempt ${args.attempt.id} is gone`)
    if (replayed(attempt, input)) return { job, ending: null }
    requireWhole(attempt, input)
    const canceled = job.cancelRequestedAt !== null
    const modelVersionId =
      judged.trained && !canceled ? await register(ctx, tx, { job, trained: judged.trained }) : null
    const ending = await endAttempt(ctx, tx, {
      attempt,
      job,
      end: canceled ? { kind: 'canceled' } : judged.end,
      exitCode: input.exitCode,
      final: judged.final,
      ...(modelVersionId === null ? {} : { modelVersionId }),
    })
    if (!ending) throw new Error(`attempt ${attempt.id} ended under its own lock`)
    return { job, ending }
  })
  const { job, ending } = committed
  if (!ending) return { state: 'already', jobState: job.state }
  tellEnd(ctx, { attemptId: args.attempt.id, job, ending })
  return { state: 'recorded', jobState: ending.job }
}

async function register(ctx: Ctx, tx: Db, args: { job: JobRow; trained: TrainedModel }): Promise<string> {
  const { id } = await registerTrained(ctx, tx, args)
  return id
}
