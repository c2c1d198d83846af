import { findUpload } from '@modelyard/db'
import { isId, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'

/** The caller's own upload, if they may still write to its project. Anybody else's gives the answer of none. */
export async function ownUpload(ctx: Ctx, uploadId: string) {
  const found = isId('upl', uploadId) ? await findUpload(ctx.db, uploadId) : null
  const mine = found && found.upload.createdBy === actorOf(ctx.principal).id && found.upload.expiresAt > ctx.now()
  if (!mine) return refuse('not_found', 'you have no such upload, or it has expired', { field: 'uploadId' })
  const isPerson = ctx.principal.kind === 'user' || ctx.principal.kind === 'api_key'
  if (isPerson) await inProject(ctx, found.slug, 'run.write')
  return found.upload
}
