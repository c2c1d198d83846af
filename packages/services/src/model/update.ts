import { patchModel, patchVersion, violates } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { changeModel, changeVersion, type OnModel, type OnVersion } from './change.ts'

/** Say what a model is for. */
export async function updateModel(ctx: Ctx, input: OnModel & { description: string }): Promise<{ id: string }> {
  return changeModel(ctx, { verb: 'model.update', input }, async (tx, { model }) => {
    const { id, name } = model
    await patchModel(tx, { id, set: { description: input.description, updatedAt: ctx.now() } })
    const summary = `Description of model ${name} changed`
    return {
      answer: { id },
      note: {
        ...{ action: 'model.updated', targetKind: 'model', targetId: id, summary },
        detail: { before: model.description, after: input.description },
      },
      changes: [{ noun: 'model', id }],
    }
  })
}

/** Give a model another name; versions, aliases and endpoints go with it. A training process may not. */
export async function renameModel(ctx: Ctx, input: OnModel & { newName: string }): Promise<{ id: string }> {
  if (ctx.principal.kind === 'attempt') refuse('forbidden', 'the token of an attempt renames no model')
  return changeModel(ctx, { verb: 'model.rename', input }, async (tx, { model }) => {
    const { id, name } = model
    const { newName } = input
    await patchModel(tx, { id, set: { name: newName, updatedAt: ctx.now() } }).catch((error: unknown) => {
      if (violates(error, 'model_name'))
        refuse('conflict', `a registered model "${newName}" exists already`, {
          field: 'newName',
          details: { mlflow: 'RESOURCE_ALREADY_EXISTS' },
        })
      throw error
    })
    const summary = `Model ${name} renamed to ${newName}`
    return {
      answer: { id },
      note: {
        ...{ action: 'model.renamed', targetKind: 'model', targetId: id, summary },
        detail: { before: name, after: newName },
      },
      changes: [{ noun: 'model', id }],
    }
  })
}

/** Say what a version is. */
export async function updateVersion(ctx: Ctx, input: OnVersion & { description: string }): Promise<{ id: string }> {
  return changeVersion(ctx, { verb: 'model_version.update', input }, async (tx, { model, version }) => {
    const { id } = version
    await patchVersion(tx, { id, set: { description: input.description, updatedAt: ctx.now() } })
    await patchModel(tx, { id: model.id, set: { updatedAt: ctx.now() } })
    const summary = `Description of ${model.name} v${version.version} changed`
    return {
      answer: { id },
      note: {
        ...{ action: 'model_version.updated', targetKind: 'model_version', targetId: id, summary },
        detail: { before: version.description, after: input.description },
      },
      changes: [{ noun: 'model_version', id }],
    }
  })
}
