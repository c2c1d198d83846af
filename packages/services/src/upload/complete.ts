import { insertBlobAccess, markUploadComplete } from '@modelyard/db'
import { isRefusal } from '@modelyard/domain'
import { holding } from '../artifact/hold.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { ownUpload } from './find.ts'

/**
 * Check size and hash of what arrived and give the project access to it; repeating it changes nothing. Refusals: `gap`
 * with details.next when bytes lack, `invalid` when they are not what was announced; they are thrown away then.
 */
export async function completeUpload(
  ctx: Ctx,
  input: { uploadId: string },
): Promise<{ sha256: string; sizeBytes: number }> {
  const { id, projectId, sha256, sizeBytes, mediaType, completedAt } = await ownUpload(ctx, input.uploadId)
  const answer = { sha256, sizeBytes }
  if (completedAt) return answer
  await holding(ctx)(answer)
  await ctx.blobs.complete(id, answer).catch(async (error: unknown) => {
    // All bytes are here and they are others: kept, they would be met again by every later try.
    if (isRefusal(error) && error.code === 'invalid') await ctx.blobs.discard(id)
    throw error
  })
  await mutate(ctx, { verb: 'upload.complete', projectId }, async (tx) => {
    const first = await markUploadComplete(tx, { id, now: ctx.now() })
    await insertBlobAccess(tx, { projectId, sha256, sizeBytes, now: ctx.now() })
    const summary = `${sizeBytes} bytes uploaded as ${sha256.slice(0, 12)}`
    const detail = { sizeBytes, mediaType, uploadId: id }
    return {
      answer,
      note: first ? { action: 'blob.uploaded', targetKind: 'blob', targetId: sha256, summary, detail } : null,
      changes: [],
    }
  })
  await ctx.blobs.discard(id)
  return answer
}
