import { Buffer } from 'node:buffer'
import { beginRun, type Db, findExperiment, type RunToBegin } from '@modelyard/db'
import { type Pair, RUN_NAME_TAG, refuse, runNameOf, tagsToKeep } from '@modelyard/domain'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { noExperiment } from '../experiment/read.ts'
import { tieToJobOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'
import { type RunRecord, recordIn } from './record.ts'

export type CreateRun = {
  project: string
  /** Number of the experiment. */
  experiment: number
  /** One is made up when neither this nor the tag `mlflow.runName` says it. */
  name?: string
  userName?: string
  /** Now when absent. */
  startedAt?: Date
  tags?: readonly Pair[]
}

/**
 * Begin a run. One that a job's training process begins belongs to that job.
 * @throws Refusal `not_found` and `invalid` for an experiment that is not there or deleted, `invalid` for two names
 */
export async function createRun(ctx: Ctx, input: CreateRun): Promise<RunRecord> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { tags, name: tagged } = tagsToKeep(input.tags ?? [])
  if (input.name && tagged && input.name !== tagged) {
    refuse('invalid', `both a name "${input.name}" and another in the tag ${RUN_NAME_TAG} "${tagged}" were given`, {
      field: 'run_name',
    })
  }
  const id = ctx.newId('run')
  const name = input.name || tagged || runNameOf(Buffer.from(ctx.newSecret(), 'base64url'))
  const now = ctx.now()
  return mutate(ctx, { verb: 'run.create', projectId: project.id }, async (tx) => {
    const row = {
      id,
      name,
      userName: input.userName ?? '',
      createdBy: actorOf(ctx.principal),
      createdAt: now,
      startedAt: input.startedAt ?? now,
    }
    const begun = await beginRun(tx, { experiment: input.experiment, row: { ...row, projectId: project.id }, tags })
    if (!begun) return refuseExperiment(tx, { projectId: project.id, number: input.experiment })
    await tieToJobOfCaller(ctx, tx, id)
    const made =
      ctx.principal.kind === 'attempt'
        ? await recordIn(tx, { projectId: project.id, runId: id })
        : recordOfBegun({ row, tags, experiment: { ...begun, number: input.experiment } })
    return {
      answer: made,
      note: {
        action: 'run.created',
        targetKind: 'run',
        targetId: id,
        summary: `Run ${name} begun in experiment ${begun.name}`,
        detail: { experiment: input.experiment, jobId: made.jobId },
      },
      changes: [{ noun: 'run', id }],
    }
  })
}

type Begun = { row: Omit<RunToBegin, 'projectId'>; tags: readonly Pair[]; experiment: RunRecord['experiment'] }

/** The record of a run that was just begun outside a job: what was written, and nothing else yet. */
function recordOfBegun({ row, tags, experiment }: Begun): RunRecord {
  return {
    ...row,
    status: 'running',
    codeCommit: '',
    seed: null,
    jobId: null,
    endedAt: null,
    deletedAt: null,
    experiment,
    params: [],
    tags: tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    metrics: [],
    datasets: [],
    datasetVersions: [],
    modelInputs: [],
    modelOutputs: [],
  }
}

async function refuseExperiment(tx: Db, args: { projectId: string; number: number }): Promise<never> {
  if (!(await findExperiment(tx, args))) return noExperiment(args.number)
  return refuse('invalid', `the experiment ${args.number} is deleted`, { field: 'experiment_id' })
}
