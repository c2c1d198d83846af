import { type Db, type ExperimentRecord, findExperiment, readExperimentRecords } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

export type ExperimentRef = { project: string; experiment: number }

/** One experiment by number, deleted or not. @throws Refusal `not_found` */
export async function readExperiment(ctx: Ctx, input: ExperimentRef): Promise<ExperimentRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findExperiment(ctx.db, { projectId: project.id, number: input.experiment })
  return found ? recordOf(ctx.db, found) : noExperiment(input.experiment)
}

/** One experiment by name, deleted or not. @throws Refusal `not_found` */
export async function readExperimentByName(
  ctx: Ctx,
  input: { project: string; name: string },
): Promise<ExperimentRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findExperiment(ctx.db, { projectId: project.id, name: input.name })
  if (found) return recordOf(ctx.db, found)
  return refuse('not_found', `Could not find experiment with name '${input.name}'`, { field: 'experiment_name' })
}

/** @throws Refusal `not_found`, always */
export function noExperiment(number: number): never {
  return refuse('not_found', `No Experiment with id=${number} exists`, { field: 'experiment_id' })
}

async function recordOf(db: Db, row: { id: string; projectId: string }): Promise<ExperimentRecord> {
  const [record] = await readExperimentRecords(db, { projectId: row.projectId, ids: [row.id] })
  if (!record) throw new Error(`experiment ${row.id} was not returned`)
  return record
}
