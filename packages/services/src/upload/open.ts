import type { Readable } from 'node:stream'
import type { ByteRange } from '@modelyard/artifacts'
import { findBlobAccess } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Stream bytes that this project may read; `sizeBytes` is that of the whole blob. The caller ends the stream. */
export async function openBlob(
  ctx: Ctx,
  input: { project: string; sha256: string; range?: ByteRange },
): Promise<{ sizeBytes: number; body: Readable }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { sizeBytes } = await readableBlob(ctx, { projectId: project.id, sha256: input.sha256 })
  return { sizeBytes, body: await ctx.blobs.open(input.sha256, input.range) }
}

/** A blob of the project, or the refusal `not_found`, the same for what does not exist and for what others hold. */
export async function readableBlob(ctx: Pick<Ctx, 'db'>, args: { projectId: string; sha256: string }) {
  const found = await findBlobAccess(ctx.db, args)
  return found ?? refuse('not_found', `this project has no blob ${args.sha256}; upload it first`, { field: 'sha256' })
}
