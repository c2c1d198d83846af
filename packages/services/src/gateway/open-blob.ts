import { isDeployedBlob } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { asGateway } from '../access.ts'
import type { ReadableBlob } from '../artifact/owner.ts'
import type { Ctx } from '../context.ts'

/** Stream a model's bytes to a gateway; only models that some endpoint serves or served. */
export async function openModelBlob(ctx: Ctx, input: { sha256: string }): Promise<ReadableBlob> {
  asGateway(ctx)
  const { sha256 } = input
  const sizeBytes = (await isDeployedBlob(ctx.db, sha256)) ? await ctx.blobs.size(sha256) : null
  if (sizeBytes === null) return refuse('not_found', 'no endpoint serves a model of that hash', { field: 'sha256' })
  return { sha256, sizeBytes, read: (range) => ctx.blobs.open(sha256, range) }
}
