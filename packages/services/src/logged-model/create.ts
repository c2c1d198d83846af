import { findExperimentByNumber, insertLoggedModel, shareRun } from '@modelyard/db'
import { hexOfId, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { fenceOfCaller, requireRunOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'
import { type LoggedModelRecord, readLoggedModels } from './record.ts'

type Pair = { key: string; value: string }
export type LoggedModelToCreate = {
  project: string
  experimentNumber: number
  /** Absent: one is made up. */
  name?: string | undefined
  modelType: string
  sourceRunId: string | null
  params: readonly Pair[]
  tags: readonly Pair[]
}

/**
 * Note a model that a run is about to write; its files follow, then its status.
 * @throws Refusal `not_found` naming the experiment or run, `invalid` for a deleted one
 */
export async function createLoggedModel(ctx: Ctx, input: LoggedModelToCreate): Promise<LoggedModelRecord> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const experiment = await experimentOf(ctx, { projectId: project.id, number: input.experimentNumber })
  const { sourceRunId, modelType, params, tags } = input
  const id = ctx.newId('lm')
  const name = input.name ?? `model-${hexOfId(id).slice(-8)}`
  const now = ctx.now()
  return mutate(ctx, { verb: 'logged_model.create', projectId: project.id }, async (tx) => {
    await fenceOfCaller(ctx, tx)
    if (sourceRunId !== null) {
      const run = await shareRun(tx, { projectId: project.id, id: sourceRunId })
      if (!run)
        return refuse('not_found', `there is no run with the id ${hexOfId(sourceRunId)}`, { field: 'source_run_id' })
      requireRunOfCaller(ctx.principal, run)
    } else requireSource(ctx)
    const of = { id, projectId: project.id, experimentId: experiment.id, name, modelType, sourceRunId }
    const made = { createdBy: actorOf(ctx.principal), createdAt: now, updatedAt: now }
    await insertLoggedModel(tx, { row: { ...of, ...made, status: 'pending' }, params, tags })
    const [record] = await readLoggedModels(tx, { projectId: project.id, ids: [id] })
    if (!record) throw new Error(`logged model ${id} was not returned`)
    return { answer: record, note: null, changes: changesOf(record) }
  })
}

/** A model that came of no run could not be told from one of another job. */
function requireSource(ctx: Ctx): void {
  if (ctx.principal.kind === 'attempt')
    refuse('forbidden', 'with the token of an attempt a logged model names the run that wrote it', {
      field: 'source_run_id',
    })
}

async function experimentOf(ctx: Ctx, args: { projectId: string; number: number }) {
  const found = await findExperimentByNumber(ctx.db, args)
  if (!found)
    return refuse('not_found', `there is no experiment with the id ${args.number}`, { field: 'experiment_id' })
  if (found.deletedAt) refuse('invalid', `the experiment ${args.number} is deleted`, { field: 'experiment_id' })
  return found
}

/** What pages show changes with a logged model: itself and the run that wrote it. */
export function changesOf({ id, sourceRunId }: Pick<LoggedModelRecord, 'id' | 'sourceRunId'>) {
  const changed = [{ noun: 'logged_model', id }]
  return sourceRunId === null ? changed : [...changed, { noun: 'run', id: sourceRunId }]
}
