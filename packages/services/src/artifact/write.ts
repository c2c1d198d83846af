import type { ByteSource } from '@modelyard/artifacts'
import { attachArtifact, isPathTaken } from '@modelyard/db'
import { mediaTypeOf, refuse, requireArtifactPath } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { fenceOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'
import { holding } from './hold.ts'
import { type ArtifactPlace, changesOf, writableOwner } from './owner.ts'

/** Unless the installation says otherwise. */
const MAX_BYTES = 10 * 1024 ** 3

export type WrittenArtifact = { path: string; sha256: string; sizeBytes: number }

/**
 * Store a body under a path of a run or logged model, in place of what stood there; sent again it changes nothing, and
 * of two at once the last to end stands, whole. What is hopeless is refused before a byte is read. Bytes of runs are
 * records themselves, so the ledger has no entry of each.
 * @throws Refusal `too_large`, `not_found`, `invalid` (path, frozen, deleted), `conflict` (a folder is there)
 */
export async function writeArtifact(
  ctx: Ctx,
  input: ArtifactPlace & { path: string; body: ByteSource; announcedBytes?: number },
): Promise<WrittenArtifact> {
  const { owner, body } = input
  const path = requireArtifactPath(input.path)
  const { project } = await writableOwner(ctx, input)
  const maxBytes = ctx.maxArtifactBytes ?? MAX_BYTES
  if (input.announcedBytes !== undefined && input.announcedBytes > maxBytes)
    refuse('too_large', `an artifact has at most ${maxBytes} bytes here`, { details: { maxBytes } })
  if (await isPathTaken(ctx.db, { ownerId: owner.id, path }))
    refuse('conflict', `${path} cannot be both a file and a folder`, {
      field: 'path',
      details: { mlflow: 'INVALID_PARAMETER_VALUE' },
    })
  const blob = await ctx.blobs.write(body, { maxBytes, beforeShown: holding(ctx) })
  return mutate(ctx, { verb: 'artifact.write', projectId: project.id }, async (tx) => {
    // A body may take longer than the attempt that sends it lives.
    await fenceOfCaller(ctx, tx)
    await attachArtifact(tx, {
      ...{ id: ctx.newId('art'), projectId: project.id, ownerId: owner.id, path, ...blob },
      ...{ kind: 'file', mediaType: mediaTypeOf(path), createdAt: ctx.now() },
    })
    return { answer: { path, ...blob }, note: null, changes: changesOf(owner) }
  })
}
