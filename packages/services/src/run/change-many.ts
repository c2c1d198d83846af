import type { ChangedRuns, ChangeRuns } from '@modelyard/contracts'
import { type Db, holdRuns, putTagOnRuns, setDeletedOfRuns } from '@modelyard/db'
import { RUN_NAME_TAG, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { requireRunOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'

type Input = z.output<typeof ChangeRuns>
type Wanted = Input['change']

const DONE = { delete: 'deleted', restore: 'restored', tag: 'tagged' } as const

/** More rows than this are not named one by one to the pages: they read again what they show. */
const MOST_TOLD = 50

/**
 * Delete, restore or tag many runs, all of them or none, as one entry of the ledger that names those it changed. A run
 * that is as wanted already is counted and left alone.
 * @throws Refusal `not_found` when the project lacks one; `invalid` for a tag on a deleted run or one that is the name
 */
export async function changeRuns(ctx: Ctx, input: Input): Promise<z.input<typeof ChangedRuns>> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { idempotencyKey, ...request } = input
  const { change } = input
  const ids = [...new Set(input.runIds)]
  const verb = { verb: 'run.change_many', projectId: project.id, idempotency: { key: idempotencyKey, request } }
  return mutate(ctx, verb, async (tx) => {
    await holdAll(ctx, tx, { projectId: project.id, ids, change })
    const changed = await apply(ctx, tx, { projectId: project.id, ids, change })
    const answer = { changed: changed.length, unchanged: ids.length - changed.length }
    if (changed.length === 0) return { answer, note: null, changes: [] }
    return {
      answer,
      note: {
        action: `runs.${DONE[change.kind]}`,
        targetKind: 'project',
        targetId: project.id,
        summary: summaryOf(change, changed.length),
        detail: { ...change, runIds: changed },
      },
      changes: changed.length > MOST_TOLD ? [{ noun: 'all', id: '' }] : changed.map((id) => ({ noun: 'run', id })),
    }
  })
}

type Runs = { projectId: string; ids: string[]; change: Wanted }

async function holdAll(ctx: Ctx, tx: Db, { projectId, ids, change }: Runs): Promise<void> {
  if (change.kind === 'tag' && change.key === RUN_NAME_TAG) {
    refuse('invalid', 'runs are renamed one at a time', { field: 'key' })
  }
  const held = await holdRuns(tx, { projectId, ids })
  const missing = ids.find((id) => !held.some((run) => run.id === id))
  if (missing !== undefined) refuse('not_found', `there is no run ${missing} in this project`, { field: 'runIds' })
  for (const run of held) requireRunOfCaller(ctx.principal, run)
  const deleted = change.kind === 'tag' ? held.find((run) => run.deleted) : undefined
  if (deleted)
    refuse('invalid', `the run ${deleted.id} is deleted: restore it before writing to it`, { field: 'runIds' })
}

function apply(ctx: Ctx, tx: Db, { change, ...runs }: Runs): Promise<string[]> {
  if (change.kind === 'tag') return putTagOnRuns(tx, { ...runs, key: change.key, value: change.value })
  return setDeletedOfRuns(tx, { ...runs, at: change.kind === 'delete' ? ctx.now() : null })
}

function summaryOf(change: Wanted, count: number): string {
  const runs = count === 1 ? '1 run' : `${count} runs`
  return change.kind === 'tag' ? `${runs} tagged ${change.key}` : `${runs} ${DONE[change.kind]}`
}
