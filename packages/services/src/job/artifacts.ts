import type { AttachArtifact, BeginAttemptUpload, BegunUpload } from '@modelyard/contracts'
import { attachArtifact, findBlobAccess, findJobById, type HeldAttempt } from '@modelyard/db'
import { mediaTypeOf, refuse, requireArtifactPath } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { startUpload } from '../upload/begin.ts'
import { completeUpload } from '../upload/complete.ts'
import { announce, holdAttempt, readHeldAttempt } from './hold.ts'

/** Begin, or go on with, handing over a file by its hash; `have` when the project holds these bytes already. */
export async function beginAttemptUpload(
  ctx: Ctx,
  input: z.output<typeof BeginAttemptUpload>,
): Promise<z.output<typeof BegunUpload>> {
  const { projectId } = await readHeldAttempt(ctx, input)
  const { sha256, sizeBytes, mediaType } = input
  return startUpload(ctx, { projectId, sha256, sizeBytes, mediaType })
}

/** The bytes are all there: check their hash and make them readable in the attempt's project. May be repeated. */
export async function completeAttemptUpload(
  ctx: Ctx,
  input: HeldAttempt & { uploadId: string },
): Promise<{ sha256: string }> {
  await readHeldAttempt(ctx, input)
  const { sha256 } = await completeUpload(ctx, { uploadId: input.uploadId })
  return { sha256 }
}

/** Put a blob that the project holds under a path of the attempt's run; a later one of the same path replaces it. */
export async function attachAttemptArtifact(
  ctx: Ctx,
  input: z.output<typeof AttachArtifact> & { mediaType?: string },
): Promise<{ path: string }> {
  requireArtifactPath(input.path)
  return ctx.db.transaction(async (tx) => {
    const attempt = await holdAttempt(ctx, tx, input)
    const { projectId } = attempt
    const blob = await findBlobAccess(tx, { projectId, sha256: input.sha256 })
    if (!blob) return refuse('not_found', `the project holds no blob ${input.sha256}`, { field: 'sha256' })
    const job = await findJobById(tx, attempt.jobId)
    if (!job) throw new Error(`attempt ${attempt.id} has no job`)
    const { path, kind, sha256 } = input
    await attachArtifact(tx, {
      id: ctx.newId('art'),
      projectId,
      ownerId: job.runId,
      path,
      kind,
      sha256,
      sizeBytes: blob.sizeBytes,
      mediaType: input.mediaType ?? mediaTypeOf(path),
      createdAt: ctx.now(),
    })
    await announce(tx, projectId, [{ noun: 'run', id: job.runId }])
    return { path }
  })
}
