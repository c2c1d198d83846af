import type { Readable } from 'node:stream'
import { isDeployedBlob } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { asGateway } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Stream a model's bytes to a gateway; only models that some endpoint serves or served. */
export async function openModelBlob(
  ctx: Ctx,
  input: { sha256: string },
): Promise<{ sizeBytes: number; body: Readable }> {
  asGateway(ctx)
  const sizeBytes = (await isDeployedBlob(ctx.db, input.sha256)) ? await ctx.blobs.size(input.sha256) : null
  if (sizeBytes === null) return refuse('not_found', 'no endpoint serves a model of that hash', { field: 'sha256' })
  return { sizeBytes, body: await ctx.blobs.open(input.sha256) }
}
