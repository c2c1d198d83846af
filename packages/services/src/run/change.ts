import { deleteRunTag as deleteTagRow, type RunChange, updateRun as updateRow } from '@modelyard/db'
import { hexOfId, RUN_NAME_TAG, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate, type Outcome } from '../mutate.ts'
import { holdForWriting, holdOwn } from './hold.ts'
import { type RunRecord, recordIn } from './record.ts'

export type RunRef = { project: string; runId: string }
export type UpdateRun = RunRef & {
  status?: RunRecord['status']
  endedAt?: Date
  /** "" leaves the name. */
  name?: string
}

/** One run with all that was logged to it, deleted or not. @throws Refusal `not_found` */
export async function readRun(ctx: Ctx, input: RunRef): Promise<RunRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return recordIn(ctx.db, { projectId: project.id, runId: input.runId })
}

/**
 * Move or rename a run. One that rests has ended, now if nothing says when; one that runs again has not.
 * @throws Refusal `not_found`, and `invalid` for a deleted run
 */
export async function updateRun(ctx: Ctx, input: UpdateRun): Promise<RunRecord> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { runId } = input
  return mutate(ctx, { verb: 'run.update', projectId: project.id }, async (tx) => {
    await holdForWriting(ctx, tx, { projectId: project.id, runId })
    const was = await recordIn(tx, { projectId: project.id, runId })
    const change = changeOf(was, input, ctx.now())
    await updateRow(tx, { id: runId, change })
    return {
      answer: { ...was, ...change },
      note: {
        action: 'run.updated',
        targetKind: 'run',
        targetId: runId,
        summary: sayChange(was, change),
        detail: { ...change },
      },
      changes: [{ noun: 'run', id: runId }],
    }
  })
}

type Change = Pick<RunChange, 'name' | 'status'> & { endedAt?: Date | null }

function changeOf(was: RunRecord, input: UpdateRun, now: Date): Change {
  const { status, name, endedAt } = input
  const rests = status === 'finished' || status === 'failed' || status === 'killed'
  const ended = endedAt ?? (rests ? (was.endedAt ?? now) : status === undefined ? undefined : null)
  return {
    ...(status === undefined ? {} : { status }),
    ...(name ? { name } : {}),
    ...(ended === undefined ? {} : { endedAt: ended }),
  }
}

function sayChange(was: RunRecord, { status, name }: Change): string {
  const renamed = name === undefined || name === was.name ? '' : ` renamed ${name}`
  const moved = status === undefined ? '' : ` ${status}`
  return `Run ${was.name}${renamed}${moved}${renamed || moved ? '' : ' updated'}`
}

/** Put a run away; its records stay and can be read. May be said again. @throws Refusal `not_found` */
export async function deleteRun(ctx: Ctx, input: RunRef): Promise<void> {
  await setDeleted(ctx, { ...input, deleted: true })
}

/** Bring a run back that was deleted. May be said again. @throws Refusal `not_found` */
export async function restoreRun(ctx: Ctx, input: RunRef): Promise<void> {
  await setDeleted(ctx, { ...input, deleted: false })
}

async function setDeleted(ctx: Ctx, input: RunRef & { deleted: boolean }): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { runId, deleted } = input
  const verb = deleted ? 'delete' : 'restore'
  await mutate(ctx, { verb: `run.${verb}`, projectId: project.id }, async (tx): Promise<Outcome<void>> => {
    const run = await holdOwn(ctx, tx, { projectId: project.id, runId })
    if (run.deleted === deleted) return { answer: undefined, note: null, changes: [] }
    await updateRow(tx, { id: runId, change: { deletedAt: deleted ? ctx.now() : null } })
    return {
      answer: undefined,
      note: {
        action: `run.${verb}d`,
        targetKind: 'run',
        targetId: runId,
        summary: `Run ${hexOfId(runId)} ${verb}d`,
      },
      changes: [{ noun: 'run', id: runId }],
    }
  })
}

/** Take a tag off a run. @throws Refusal `not_found` for a run or tag that is not there, `invalid` for a deleted run */
export async function deleteRunTag(ctx: Ctx, input: RunRef & { key: string }): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { runId, key } = input
  await mutate(ctx, { verb: 'run.delete_tag', projectId: project.id }, async (tx) => {
    await holdForWriting(ctx, tx, { projectId: project.id, runId })
    if (key === RUN_NAME_TAG) refuse('invalid', 'a run keeps its name; set another one', { field: 'key' })
    if (!(await deleteTagRow(tx, { runId, key }))) {
      refuse('not_found', `No tag with name: ${key} in run with id ${hexOfId(runId)}`, { field: 'key' })
    }
    return { answer: undefined, note: null, changes: [{ noun: 'run', id: runId }] }
  })
}
