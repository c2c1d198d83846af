import type { Readable } from 'node:stream'
import type { ByteRange } from '@modelyard/artifacts'
import { type ArtifactOwner, findArtifactOwner, type OwnerFacts } from '@modelyard/db'
import { type Permission, refuse } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { requireRunOfCaller } from '../job/tie.ts'

export type { ArtifactOwner } from '@modelyard/db'

/** Whose files: of a run, a logged model or a version in this project. */
export type ArtifactPlace = {
  project: string
  owner: ArtifactOwner
  /** Number of the experiment that the caller's address says it is in; another one is no such address. */
  experiment?: number
}

/** Bytes that a caller may have: what they are, and how to read them, whole or in part. */
export type ReadableBlob = {
  sha256: string
  sizeBytes: number
  read: (range?: ByteRange) => Promise<Readable>
}

/** @throws Refusal `not_found`, the same for what does not exist and what others have */
export async function ownerIn(
  ctx: Ctx,
  place: ArtifactPlace,
  permission: Permission,
): Promise<{ project: Project; facts: OwnerFacts }> {
  const { project } = await inProject(ctx, place.project, permission)
  const { owner, experiment } = place
  const facts = await findArtifactOwner(ctx.db, { projectId: project.id, owner })
  const isElsewhere = experiment !== undefined && facts?.experiment != null && facts.experiment !== experiment
  if (!facts || isElsewhere || (owner.kind === 'model_version' && facts.isDeleted))
    return refuse('not_found', `there is no ${NAMES[owner.kind]} ${owner.id}`, { field: 'path' })
  return { project, facts }
}

const NAMES: Record<ArtifactOwner['kind'], string> = {
  run: 'run',
  logged_model: 'logged model',
  model_version: 'model version',
}

/** The owner, if the caller may change its files. Refusals `invalid` for what is deleted or frozen, `forbidden`. */
export async function writableOwner(ctx: Ctx, place: ArtifactPlace) {
  const { owner } = place
  const found = await ownerIn(ctx, place, 'run.write')
  if (owner.kind === 'model_version')
    refuse('invalid', 'the files of a registered version are frozen; log others and register them', { field: 'path' })
  if (found.facts.isDeleted)
    refuse('invalid', `the ${NAMES[owner.kind]} ${owner.id} is deleted; restore it first`, { field: 'path' })
  requireRunOfCaller(ctx.principal, { id: owner.id, jobId: found.facts.jobId })
  return found
}

/** What pages show anew. */
export const changesOf = ({ kind, id }: ArtifactOwner) => [{ noun: kind, id }]
