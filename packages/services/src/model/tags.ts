import {
  deleteModelTag as deleteModelTagRow,
  deleteVersionTag as deleteVersionTagRow,
  type RegistryTag,
  setModelTags,
  setVersionTags,
} from '@modelyard/db'
import type { Ctx } from '../context.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { changeModel, changeVersion, type OnModel, type OnVersion } from './change.ts'

type Answer = { id: string }

export async function setModelTag(ctx: Ctx, input: OnModel & RegistryTag): Promise<Answer> {
  return changeModel(ctx, { verb: 'model.set_tag', input }, async (tx, { project, model }) => {
    const { id, name } = model
    const { key, value } = input
    await setModelTags(tx, { projectId: project.id, modelId: id, tags: [{ key, value }] })
    return {
      answer: { id },
      note: { action: 'model.tag_set', targetKind: 'model', targetId: id, summary: `Tag ${key} of model ${name} set` },
      changes: [{ noun: 'model', id }],
    }
  })
}

/** Deleting what is not there changes nothing. */
export async function deleteModelTag(ctx: Ctx, input: OnModel & { key: string }): Promise<Answer> {
  return changeModel(ctx, { verb: 'model.delete_tag', input }, async (tx, { model }) => {
    const { id, name } = model
    if (!(await deleteModelTagRow(tx, { modelId: id, key: input.key }))) return unchanged(id)
    const summary = `Tag ${input.key} of model ${name} deleted`
    return {
      answer: { id },
      note: { action: 'model.tag_deleted', targetKind: 'model', targetId: id, summary },
      changes: [{ noun: 'model', id }],
    }
  })
}

export async function setVersionTag(ctx: Ctx, input: OnVersion & RegistryTag): Promise<Answer> {
  return changeVersion(ctx, { verb: 'model_version.set_tag', input }, async (tx, { project, model, version }) => {
    const { id } = version
    const { key, value } = input
    await setVersionTags(tx, { projectId: project.id, modelVersionId: id, tags: [{ key, value }] })
    const summary = `Tag ${key} of ${model.name} v${version.version} set`
    return {
      answer: { id },
      note: { action: 'model_version.tag_set', targetKind: 'model_version', targetId: id, summary },
      changes: [{ noun: 'model_version', id }],
      events: [happenedToRegistry.versionTagSet({ name: model.name, version: version.version, key, value })],
    }
  })
}

/** Deleting what is not there changes nothing. */
export async function deleteVersionTag(ctx: Ctx, input: OnVersion & { key: string }): Promise<Answer> {
  return changeVersion(ctx, { verb: 'model_version.delete_tag', input }, async (tx, { model, version }) => {
    const { id } = version
    const { key } = input
    if (!(await deleteVersionTagRow(tx, { modelVersionId: id, key }))) return unchanged(id)
    const summary = `Tag ${key} of ${model.name} v${version.version} deleted`
    return {
      answer: { id },
      note: { action: 'model_version.tag_deleted', targetKind: 'model_version', targetId: id, summary },
      changes: [{ noun: 'model_version', id }],
      events: [happenedToRegistry.versionTagDeleted({ name: model.name, version: version.version, key })],
    }
  })
}

const unchanged = (id: string) => ({ answer: { id }, note: null, changes: [] })
