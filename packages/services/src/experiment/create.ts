import { insertExperiment, setExperimentTags } from '@modelyard/db'
import { type Pair, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

/** Where a client wanted its artifacts: ours lie in our store, and its wish is kept. */
const LOCATION_TAG = 'modelyard.requestedArtifactLocation'

export type CreateExperiment = { project: string; name: string; tags?: readonly Pair[]; artifactLocation?: string }

/**
 * Make an experiment; answers its number.
 * @throws Refusal `conflict` when its name is taken, be it by a deleted one
 */
export async function createExperiment(ctx: Ctx, input: CreateExperiment): Promise<number> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { name, artifactLocation } = input
  const id = ctx.newId('exp')
  const tags = new Map((input.tags ?? []).map(({ key, value }) => [key, value]))
  if (artifactLocation) tags.set(LOCATION_TAG, artifactLocation)
  return mutate(ctx, { verb: 'experiment.create', projectId: project.id }, async (tx) => {
    const made = await insertExperiment(tx, { id, projectId: project.id, name, now: ctx.now() })
    if (!made) return refuseTaken(name)
    const rows = [...tags].map(([key, value]) => ({ key, value }))
    await setExperimentTags(tx, { projectId: project.id, experimentId: id, tags: rows })
    return {
      answer: made.number,
      note: {
        action: 'experiment.created',
        targetKind: 'experiment',
        targetId: id,
        summary: `Experiment ${name} created`,
        detail: { number: made.number },
      },
      changes: [{ noun: 'experiment', id }],
    }
  })
}

/** @throws Refusal `conflict`, always */
export function refuseTaken(name: string): never {
  return refuse('conflict', `Experiment(name=${name}) already exists, or is deleted and still has its name`, {
    field: 'name',
    details: { mlflow: 'RESOURCE_ALREADY_EXISTS' },
  })
}
