import type { LogMetrics, MetricsAck } from '@modelyard/contracts'
import { appendPoints, findJobById, setNextMetricSeq } from '@modelyard/db'
import { acceptBatch, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { holdAttempt } from './hold.ts'

/** Values that JSON cannot say travel as text. */
const numberOf = (value: number | string) => Number(value)

/**
 * Add one batch of metric points to the attempt's run. A batch known already changes nothing; one that comes too early
 * is refused with where to go on.
 * @throws Refusal `gap` with `details.next`
 */
export async function logMetrics(ctx: Ctx, input: z.output<typeof LogMetrics>): Promise<z.output<typeof MetricsAck>> {
  return ctx.db.transaction(async (tx) => {
    const attempt = await holdAttempt(ctx, tx, input)
    const verdict = acceptBatch(attempt.nextMetricSeq, input.seq)
    if (verdict.kind === 'gap')
      refuse('gap', `the next batch of ${attempt.id} is ${verdict.nextSeq}`, {
        field: 'seq',
        details: { next: verdict.nextSeq },
      })
    if (verdict.kind === 'duplicate') return { nextSeq: verdict.nextSeq }
    const job = await findJobById(tx, attempt.jobId)
    if (!job) throw new Error(`attempt ${attempt.id} has no job`)
    const points = input.points.map(({ key, step, value, at }) => ({
      key,
      step: BigInt(step),
      value: numberOf(value),
      atMs: BigInt(Date.parse(at)),
    }))
    await appendPoints(tx, { projectId: job.projectId, runId: job.runId, points, fence: attempt.fence })
    await setNextMetricSeq(tx, { id: attempt.id, nextMetricSeq: verdict.nextSeq })
    return { nextSeq: verdict.nextSeq }
  })
}
