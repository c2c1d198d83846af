import type { Readable } from 'node:stream'
import { findDatasetVersionRow, findJobById } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { readOwnAttempt } from './hold.ts'

/** The bytes of a file that a live attempt of the calling runner reads, and of no other. */
export async function openInput(
  ctx: Ctx,
  input: { attemptId: string; sha256: string },
): Promise<{ body: Readable; sizeBytes: number }> {
  const attempt = await readOwnAttempt(ctx, input.attemptId)
  if (attempt.endedAt !== null || attempt.startedAt === null)
    refuse('fenced', `attempt ${attempt.id} is not running`, { field: 'attemptId' })
  const job = await findJobById(ctx.db, attempt.jobId)
  const version = job && (await findDatasetVersionRow(ctx.db, job.datasetVersionId))
  if (version?.sha256 !== input.sha256)
    return refuse('not_found', `attempt ${attempt.id} does not read ${input.sha256}`, { field: 'sha256' })
  return { body: await ctx.blobs.open(input.sha256), sizeBytes: version.sizeBytes }
}
