import {
  type Db,
  deleteLoggedModelTagRow,
  insertLoggedModelParams,
  type LoggedModelRow,
  lockLoggedModel,
  markLoggedModelDeleted,
  setLoggedModelStatus,
  shareRun,
  upsertLoggedModelTags,
} from '@modelyard/db'
import { hexOfId, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { fenceOfCaller, requireRunOfCaller } from '../job/tie.ts'
import { mutate, type Note } from '../mutate.ts'
import { changesOf } from './create.ts'
import { noSuchModel } from './read.ts'
import { type LoggedModelRecord, readLoggedModels } from './record.ts'

type Named = { project: string; id: string }
type Pair = { key: string; value: string }

/** Say that a logged model is whole, or that it never will be. */
export async function finalizeLoggedModel(
  ctx: Ctx,
  input: Named & { status: LoggedModelRow['status'] },
): Promise<LoggedModelRecord> {
  return edit(ctx, { ...input, verb: 'finalize' }, async (tx, model) => {
    await setLoggedModelStatus(tx, { id: model.id, status: input.status, now: ctx.now() })
    return null
  })
}

/** Take a logged model out of every list; its files stay for as long as something refers to them. Again is no error. */
export async function deleteLoggedModel(ctx: Ctx, input: Named): Promise<void> {
  await edit(ctx, { ...input, verb: 'delete', evenDeleted: true }, async (tx, model) => {
    if (model.deletedAt) return null
    await markLoggedModelDeleted(tx, { id: model.id, now: ctx.now() })
    return noteOf(model)
  })
}

function noteOf({ id, name, sourceRunId }: LoggedModelRow): Note {
  const summary = `Logged model ${name} (m-${hexOfId(id)}) deleted`
  return { action: 'logged_model.deleted', targetKind: 'logged_model', targetId: id, summary, detail: { sourceRunId } }
}

/** Set tags; a tag that is there gets the new value. */
export async function setLoggedModelTags(ctx: Ctx, input: Named & { tags: readonly Pair[] }): Promise<void> {
  await edit(ctx, { ...input, verb: 'set_tags' }, async (tx, { id, projectId }) => {
    await upsertLoggedModelTags(tx, { id, projectId, tags: input.tags })
    return null
  })
}

/** @throws Refusal `not_found` when the model has no such tag */
export async function deleteLoggedModelTag(ctx: Ctx, input: Named & { key: string }): Promise<void> {
  await edit(ctx, { ...input, verb: 'delete_tag' }, async (tx, { id }) => {
    const { key } = input
    if (!(await deleteLoggedModelTagRow(tx, { id, key })))
      refuse('not_found', `logged model m-${hexOfId(id)} has no tag "${key}"`, { field: 'tag_key' })
    return null
  })
}

/** Add parameters. The same value again changes nothing. @throws Refusal `invalid` naming one that has another value */
export async function logLoggedModelParams(ctx: Ctx, input: Named & { params: readonly Pair[] }): Promise<void> {
  await edit(ctx, { ...input, verb: 'log_params' }, async (tx, { id, projectId }) => {
    const [changed] = await insertLoggedModelParams(tx, { id, projectId, params: input.params })
    if (changed !== undefined)
      refuse('invalid', `logged model m-${hexOfId(id)} has another value of the parameter "${changed}"`, {
        field: 'params',
      })
    return null
  })
}

type Edit = Named & { verb: string; evenDeleted?: boolean }

async function edit(
  ctx: Ctx,
  args: Edit,
  work: (tx: Db, model: LoggedModelRow) => Promise<Note | null>,
): Promise<LoggedModelRecord> {
  const { project } = await inProject(ctx, args.project, 'run.write')
  const { id } = args
  return mutate(ctx, { verb: `logged_model.${args.verb}`, projectId: project.id }, async (tx) => {
    await fenceOfCaller(ctx, tx)
    const model = await lockLoggedModel(tx, { projectId: project.id, id })
    if (!model || (model.deletedAt && !args.evenDeleted)) return noSuchModel(id)
    await requireModelOfCaller(ctx, tx, model)
    const note = await work(tx, model)
    const [record] = await readLoggedModels(tx, { projectId: project.id, ids: [id] })
    if (!record) throw new Error(`logged model ${id} was not returned`)
    return { answer: record, note, changes: changesOf(record) }
  })
}

/** A training process changes only what runs of its own job wrote. */
async function requireModelOfCaller(ctx: Ctx, tx: Db, { projectId, sourceRunId, id }: LoggedModelRow): Promise<void> {
  if (ctx.principal.kind !== 'attempt') return
  const run = sourceRunId === null ? null : await shareRun(tx, { projectId, id: sourceRunId })
  requireRunOfCaller(ctx.principal, run ?? { id, jobId: null })
}
