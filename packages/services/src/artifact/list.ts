import { type FolderEntry, listFolder } from '@modelyard/db'
import { requireArtifactFolder } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { describedVersion } from './described.ts'
import { type ArtifactPlace, ownerIn } from './owner.ts'

export type ArtifactListing = { folder: string; experiment: number | null; entries: FolderEntry[] }

/** Files and folders directly in a folder ('' is the root); none for a file and for what does not exist. */
export async function listArtifactFolder(
  ctx: Ctx,
  input: ArtifactPlace & { folder: string },
): Promise<ArtifactListing> {
  const folder = requireArtifactFolder(input.folder)
  const { project, facts } = await ownerIn(ctx, input, 'project.read')
  const place = { projectId: project.id, owner: input.owner }
  const entries = await listFolder(ctx.db, { ...place, folder })
  const described = folder === '' ? await describedVersion(ctx, place) : null
  if (described) entries.push({ name: described.path, sizeBytes: described.sizeBytes })
  if (described) entries.sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)))
  return { folder, experiment: facts.experiment, entries }
}
