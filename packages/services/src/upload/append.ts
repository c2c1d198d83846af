import type { Readable } from 'node:stream'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { ownUpload } from './find.ts'

export type UploadPart = { uploadId: string; offset: number; body: Readable; maxBytes: number }

/**
 * Take bytes from `offset` on and answer how many are held now. Refusals: `gap` with details.next when the offset is
 * ahead, `too_large` for more than `maxBytes` or than was announced.
 */
export async function appendUpload(ctx: Ctx, part: UploadPart): Promise<{ offset: number }> {
  const { id, sizeBytes, completedAt } = await ownUpload(ctx, part.uploadId)
  if (completedAt) return { offset: sizeBytes }
  if (!Number.isSafeInteger(part.offset) || part.offset < 0 || part.offset > sizeBytes)
    refuse('invalid', `the offset must be a whole number from 0 to ${sizeBytes}`, { field: 'offset' })
  const maxBytes = Math.min(part.maxBytes, sizeBytes - part.offset)
  const offset = await ctx.blobs.append(id, { offset: part.offset, body: part.body, maxBytes })
  return { offset }
}
