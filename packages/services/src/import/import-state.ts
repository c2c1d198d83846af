import {
  type ImportedFilePage,
  type ImportedFiles,
  type ImportedState,
  type ImportState,
  SealImport,
} from '@modelyard/contracts'
import { listImportedFiles, readImportedLoggedModels, readImportedRuns } from '@modelyard/db'
import { hexOfId } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { IMPORT_TAGS, idOfImported, inImportingProject, prefixOfKind, SEAL_TAG } from './mark.ts'

const PAGE = 1000

/** How much of each run or logged model is here; those that are not are left out. */
export async function readImportState(
  ctx: Ctx,
  input: z.output<typeof ImportState>,
): Promise<z.output<typeof ImportedState>> {
  const { project } = await inImportingProject(ctx, input)
  const ids = input.ids.map((hex) => idOfImported(prefixOfKind(input.kind), hex))
  const asked = { projectId: project.id, ids, sealKey: SEAL_TAG, ownTags: IMPORT_TAGS }
  const rows = await (input.kind === 'run' ? readImportedRuns : readImportedLoggedModels)(ctx.db, asked)
  return rows.map(({ seal, ...row }) => ({ ...row, id: hexOfId(row.id), sealed: sealedIn(seal) }))
}

/** Anybody may write a tag: what is no seal of ours is none. */
function sealedIn(seal: string | null) {
  try {
    return SealImport.shape.sealed.safeParse(JSON.parse(seal ?? 'null')).data ?? null
  } catch {
    return null
  }
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
