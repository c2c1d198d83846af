import { deleteArtifacts } from '@modelyard/db'
import { requireArtifactFolder } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { fenceOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'
import { type ArtifactPlace, changesOf, writableOwner } from './owner.ts'

/**
 * Take away a file, or a folder with all in it ('' is everything of the owner); what is not there is fine. Versions that
 * were registered from it keep their frozen files.
 */
export async function deleteArtifact(ctx: Ctx, input: ArtifactPlace & { path: string }): Promise<{ deleted: number }> {
  const { owner } = input
  const path = requireArtifactFolder(input.path)
  const { project } = await writableOwner(ctx, input)
  return mutate(ctx, { verb: 'artifact.delete', projectId: project.id }, async (tx) => {
    await fenceOfCaller(ctx, tx)
    const deleted = await deleteArtifacts(tx, { projectId: project.id, ownerId: owner.id, path, now: ctx.now() })
    const note = {
      action: 'artifact.deleted',
      targetKind: owner.kind,
      targetId: owner.id,
      summary: `${deleted === 1 ? 'One artifact' : `${deleted} artifacts`} deleted: ${path === '' ? 'all' : path}`,
      detail: { path, deleted },
    }
    return { answer: { deleted }, note: deleted > 0 ? note : null, changes: deleted > 0 ? changesOf(owner) : [] }
  })
}
