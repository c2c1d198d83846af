import { type FolderEntry, listFolder } from '@modelyard/db'
import { requireArtifactFolder } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { type ArtifactPlace, ownerIn } from './owner.ts'

export type ArtifactListing = { folder: string; experiment: number | null; entries: FolderEntry[] }

/** Files and folders directly in a folder ('' is the root); none for a file and for what does not exist. */
export async function listArtifactFolder(
  ctx: Ctx,
  input: ArtifactPlace & { folder: string },
): Promise<ArtifactListing> {
  const folder = requireArtifactFolder(input.folder)
  const { project, facts } = await ownerIn(ctx, input, 'project.read')
  const entries = await listFolder(ctx.db, { projectId: project.id, owner: input.owner, folder })
  return { folder, experiment: facts.experiment, entries }
}
