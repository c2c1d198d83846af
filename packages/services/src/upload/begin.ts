import type { BeginUpload, BegunUpload } from '@modelyard/contracts'
import { findOpenUpload, holdReadableBlob, insertUpload } from '@modelyard/db'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'

const UPLOAD_MS = 24 * 3_600_000
/** What a caller should send at once; a lost connection repeats at most this. */
export const PART_BYTES = 8 * 1024 * 1024

type Begun = z.output<typeof BegunUpload>
export type AnnouncedBlob = { projectId: string; sha256: string; sizeBytes: number; mediaType: string }

/** Announce bytes by their hash. `have`: this project holds them already. Else PUT them from `offset` on. */
export async function beginUpload(ctx: Ctx, input: z.output<typeof BeginUpload>): Promise<Begun> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { sha256, sizeBytes, mediaType } = input
  return startUpload(ctx, { projectId: project.id, sha256, sizeBytes, mediaType })
}

/**
 * The same for a caller whose right to write to the project was checked elsewhere (a runner by its attempt). Bytes that
 * only another project holds are sent again: knowing a hash is no proof of holding what it stands for.
 */
export async function startUpload(ctx: Ctx, announced: AnnouncedBlob): Promise<Begun> {
  const known = await holdReadableBlob(ctx.db, { ...announced, now: ctx.now() })
  if (known) return { state: 'have', sha256: known.sha256 }
  const createdBy = actorOf(ctx.principal).id
  const open = await findOpenUpload(ctx.db, { ...announced, createdBy, now: ctx.now() })
  const id = open?.id ?? ctx.newId('upl')
  if (!open) {
    const expiresAt = new Date(ctx.now().getTime() + UPLOAD_MS)
    await insertUpload(ctx.db, { ...announced, id, createdBy, createdAt: ctx.now(), expiresAt })
  }
  const offset = open ? await ctx.blobs.received(id) : 0
  return { state: 'upload', uploadId: id, offset, partBytes: PART_BYTES }
}
