import { insertModel, type RegistryTag, setModelTags } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import type { OnModel } from './change.ts'

type Input = OnModel & { description: string; tags?: readonly RegistryTag[] }

/** Open a registered model without versions. A name that is taken is refused in the word clients go on after. */
export async function createModel(ctx: Ctx, input: Input): Promise<{ id: string }> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  const { idempotencyKey, ...request } = input
  const idempotency = idempotencyKey === undefined ? {} : { idempotency: { key: idempotencyKey, request } }
  const { model: name, description, tags = [] } = input
  return mutate(ctx, { verb: 'model.create', projectId: project.id, ...idempotency }, async (tx) => {
    const id = ctx.newId('mdl')
    const at = { createdAt: ctx.now(), updatedAt: ctx.now() }
    if (!(await insertModel(tx, { id, projectId: project.id, name, description, ...at })))
      refuse('conflict', `a registered model "${name}" exists already`, {
        field: 'model',
        details: { mlflow: 'RESOURCE_ALREADY_EXISTS' },
      })
    await setModelTags(tx, { projectId: project.id, modelId: id, tags })
    return {
      answer: { id },
      note: { action: 'model.created', targetKind: 'model', targetId: id, summary: `Model ${name} opened` },
      changes: [{ noun: 'model', id }],
      events: [happenedToRegistry.modelCreated({ name, description, tags })],
    }
  })
}
