import { hexOfId, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type LoggedModelRecord, readLoggedModels } from './record.ts'

/** A logged model by its id; a deleted one only where that is allowed. @throws Refusal `not_found` */
export async function getLoggedModel(
  ctx: Ctx,
  input: { project: string; id: string; allowDeleted: boolean },
): Promise<LoggedModelRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const [record] = await readLoggedModels(ctx.db, { projectId: project.id, ids: [input.id] })
  if (!record || (record.deleted && !input.allowDeleted)) return noSuchModel(input.id)
  return record
}

export function noSuchModel(id: string): never {
  return refuse('not_found', `there is no logged model with the id m-${hexOfId(id)}`, { field: 'model_id' })
}
