import type { ImportedFilePage, ImportedFiles, ImportedState, ImportState } from '@modelyard/contracts'
import { listImportedFiles, readImportedLoggedModels, readImportedRuns } from '@modelyard/db'
import { hexOfId } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { DIGEST_TAG, IMPORT_TAGS, idOfImported, inImportingProject, prefixOfKind } from './mark.ts'

const PAGE = 1000

/** How much of each run or logged model is here; those that are not are left out. */
export async function readImportState(
  ctx: Ctx,
  input: z.output<typeof ImportState>,
): Promise<z.output<typeof ImportedState>> {
  const { project } = await inImportingProject(ctx, input)
  const ids = input.ids.map((hex) => idOfImported(prefixOfKind(input.kind), hex))
  const asked = { projectId: project.id, ids, digestKey: DIGEST_TAG, ownTags: IMPORT_TAGS }
  const rows = await (input.kind === 'run' ? readImportedRuns : readImportedLoggedModels)(ctx.db, asked)
  return rows.map((row) => ({ ...row, id: hexOfId(row.id) }))
}

/** Files of a run or logged model with their hashes, by path. */
export async function listImportFiles(
  ctx: Ctx,
  input: z.output<typeof ImportedFiles>,
): Promise<z.output<typeof ImportedFilePage>> {
  const { project } = await inImportingProject(ctx, input)
  const ownerId = idOfImported(prefixOfKind(input.kind), input.id)
  return listImportedFiles(ctx.db, { projectId: project.id, ownerId, after: input.after, limit: PAGE })
}
