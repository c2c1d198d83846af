import { deleteAlias as deleteAliasRow, findAlias, setAlias as setAliasRow } from '@modelyard/db'
import { refuse, whyNotAlias } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { requireVersionOfCaller } from '../job/tie.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { changeModel, changeVersion, type OnModel, type OnVersion } from './change.ts'

type Answer = { id: string }

/** Point a name at a version; pointing it where it points already changes nothing, so a retry is harmless. */
export async function setAlias(ctx: Ctx, input: OnVersion & { alias: string }): Promise<Answer> {
  const { alias } = input
  const why = whyNotAlias(alias)
  if (why) refuse('invalid', why, { field: 'alias' })
  return changeVersion(ctx, { verb: 'model_alias.set', input }, async (tx, { project, model, version }) => {
    const { id } = version
    const before = await findAlias(tx, { modelId: model.id, alias })
    if (before?.id === id) return { answer: { id }, note: null, changes: [] }
    await setAliasRow(tx, { projectId: project.id, modelId: model.id, alias, modelVersionId: id, now: ctx.now() })
    const from = before === null ? '' : ` from v${before.version}`
    return {
      answer: { id },
      note: {
        ...{ action: 'model_alias.set', targetKind: 'model_version', targetId: id },
        summary: `Alias ${alias} of ${model.name} moved${from} to v${version.version}`,
        detail: { alias, modelId: model.id, before: before?.id ?? null },
      },
      changes: [
        { noun: 'model_version', id },
        { noun: 'model', id: model.id },
        ...(before === null ? [] : [{ noun: 'model_version', id: before.id }]),
      ],
      events: [happenedToRegistry.aliasCreated({ name: model.name, version: version.version, alias })],
    }
  })
}

/** Deleting what is not there changes nothing. */
export async function deleteAlias(ctx: Ctx, input: OnModel & { alias: string }): Promise<Answer> {
  return changeModel(ctx, { verb: 'model_alias.delete', input }, async (tx, { model }) => {
    const { alias } = input
    const before = await findAlias(tx, { modelId: model.id, alias })
    if (!before) return { answer: { id: model.id }, note: null, changes: [] }
    await requireVersionOfCaller(ctx, tx, before)
    await deleteAliasRow(tx, { modelId: model.id, alias })
    return {
      answer: { id: model.id },
      note: {
        ...{ action: 'model_alias.deleted', targetKind: 'model_version', targetId: before.id },
        summary: `Alias ${alias} of ${model.name} v${before.version} deleted`,
        detail: { alias, modelId: model.id },
      },
      changes: [
        { noun: 'model', id: model.id },
        { noun: 'model_version', id: before.id },
      ],
      events: [happenedToRegistry.aliasDeleted({ name: model.name, alias })],
    }
  })
}
