import { findBlobAccess, holdReadableBlob } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { ReadableBlob } from '../artifact/owner.ts'
import type { Ctx } from '../context.ts'

/** Bytes that this project may read. */
export async function openBlob(ctx: Ctx, input: { project: string; sha256: string }): Promise<ReadableBlob> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const blob = (await findBlobAccess(ctx.db, { projectId: project.id, sha256: input.sha256 })) ?? noBlob(input.sha256)
  return { ...blob, read: (range) => ctx.blobs.open(blob.sha256, range) }
}

/**
 * A blob of the project for whoever is about to name it in a record: the collector leaves it alone from now on. The
 * refusal `not_found` is the same for what does not exist and for what others hold.
 */
export async function readableBlob(ctx: Pick<Ctx, 'db' | 'now'>, args: { projectId: string; sha256: string }) {
  return (await holdReadableBlob(ctx.db, { ...args, now: ctx.now() })) ?? noBlob(args.sha256)
}

function noBlob(sha256: string): never {
  return refuse('not_found', `this project has no blob ${sha256}; upload it first`, { field: 'sha256' })
}
