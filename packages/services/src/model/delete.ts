import { type Db, deleteModelRows, deleteVersionRows, listLiveOn, listVersionIds } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { changeModel, changeVersion, type OnModel, type OnVersion } from './change.ts'

/**
 * Take a model out of the registry with its versions, aliases and open requests for approval. Its files, numbers and
 * ledger stay; the name is free again. Refused while an endpoint gives a version traffic.
 */
export async function deleteModel(ctx: Ctx, input: OnModel): Promise<{ id: string }> {
  return changeModel(ctx, { verb: 'model.delete', input, permission: 'model.approve' }, async (tx, { model }) => {
    const { id, name } = model
    const versionIds = await listVersionIds(tx, id)
    // First the rows, then the look: a deployment that holds one of them has committed by then and is seen.
    await deleteModelRows(tx, { id, now: ctx.now() })
    await requireIdle(tx, versionIds, `model ${name}`)
    const summary = `Model ${name} deleted with ${versionIds.length} versions`
    return {
      answer: { id },
      note: { action: 'model.deleted', targetKind: 'model', targetId: id, summary, detail: { versionIds } },
      changes: [{ noun: 'model', id }, ...versionIds.map((one) => ({ noun: 'model_version', id: one }))],
    }
  })
}

/** The same for one version; its number is not given again. */
export async function deleteVersion(ctx: Ctx, input: OnVersion): Promise<{ id: string }> {
  const call = { verb: 'model_version.delete', input, permission: 'model.approve' as const }
  return changeVersion(ctx, call, async (tx, { model, version }) => {
    const { id } = version
    await deleteVersionRows(tx, { id, now: ctx.now() })
    await requireIdle(tx, [id], `${model.name} v${version.version}`)
    const summary = `${model.name} v${version.version} deleted`
    const detail = { sha256: version.sha256 }
    return {
      answer: { id },
      note: { action: 'model_version.deleted', targetKind: 'model_version', targetId: id, summary, detail },
      changes: [{ noun: 'model_version', id }],
    }
  })
}

async function requireIdle(tx: Db, versionIds: string[], what: string): Promise<void> {
  const live = await listLiveOn(tx, versionIds)
  if (live.length === 0) return
  const endpoints = [...new Set(live.map(({ endpoint }) => endpoint))]
  refuse('blocked', `${what} takes traffic on ${endpoints.join(', ')}; give that traffic to another version first`, {
    field: 'model',
    details: { endpoints },
  })
}
