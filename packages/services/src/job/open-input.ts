import { findDatasetVersionRow, findJobById } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { ReadableBlob } from '../artifact/owner.ts'
import type { Ctx } from '../context.ts'
import { readOwnAttempt } from './hold.ts'

/** The bytes of a file that a live attempt of the calling runner reads, and of no other. */
export async function openInput(ctx: Ctx, input: { attemptId: string; sha256: string }): Promise<ReadableBlob> {
  const attempt = await readOwnAttempt(ctx, input.attemptId)
  if (attempt.endedAt !== null || attempt.startedAt === null)
    refuse('fenced', `attempt ${attempt.id} is not running`, { field: 'attemptId' })
  const job = await findJobById(ctx.db, attempt.jobId)
  const version = job && (await findDatasetVersionRow(ctx.db, job.datasetVersionId))
  if (version?.sha256 !== input.sha256)
    return refuse('not_found', `attempt ${attempt.id} does not read ${input.sha256}`, { field: 'sha256' })
  const { sha256, sizeBytes } = version
  return { sha256, sizeBytes, read: (range) => ctx.blobs.open(sha256, range) }
}
