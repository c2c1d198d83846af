import { type ArtifactFile, findArtifactFile, listFolder } from '@modelyard/db'
import { refuse, requireArtifactFolder, requireArtifactPath } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { describedVersion } from './described.ts'
import { MLMODEL } from './mlmodel.ts'
import { type ArtifactPlace, ownerIn, type ReadableBlob } from './owner.ts'

/** A file of a run, logged model or version, also of a deleted run. Refusals `not_found`; `invalid` for a folder. */
export async function openArtifact(
  ctx: Ctx,
  input: ArtifactPlace & { path: string },
): Promise<ArtifactFile & ReadableBlob> {
  const { owner } = input
  const folder = requireArtifactFolder(input.path)
  const { project } = await ownerIn(ctx, input, 'project.read')
  const place = { projectId: project.id, owner }
  const file =
    folder === '' ? null : await findArtifactFile(ctx.db, { ...place, path: requireArtifactPath(input.path) })
  if (file) return { ...file, read: (range) => ctx.blobs.open(file.sha256, range) }
  const described = folder === MLMODEL ? await describedVersion(ctx, place) : null
  if (described) return described
  if (folder === '' || (await listFolder(ctx.db, { ...place, folder })).length > 0)
    return refuse('invalid', `"${folder}" is a folder; ask for the files in it`, { field: 'path' })
  return refuse('not_found', `there is no artifact "${folder}"`, { field: 'path' })
}
