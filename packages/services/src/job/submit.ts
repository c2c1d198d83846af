import type { Job, SubmitJob } from '@modelyard/contracts'
import {
  createRun,
  findDatasetVersion,
  insertJob,
  logDatasets,
  type NamedDatasetVersion,
  notify,
  type tables,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { datasetOfVersion } from '../input/describe.ts'
import { mutate } from '../mutate.ts'
import { jobView } from './view.ts'

type Submission = z.output<typeof SubmitJob>

/**
 * Queue a training job with a run of its own. A recipe that no runner offers is queued as well: the job then says that
 * it waits for one.
 * @throws Refusal `blocked` naming the gates that the dataset version failed
 */
export async function submitJob(ctx: Ctx, input: Submission): Promise<Job> {
  const { project } = await inProject(ctx, input.project, 'job.submit')
  const found = await findDatasetVersion(ctx.db, { projectId: project.id, id: input.datasetVersionId })
  const read = requireUsable(found, input)
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'job.submit', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const row = rowOf(ctx, project.id, input)
      if (!(await createRun(tx, runOf(ctx, { projectId: project.id, runId: row.runId, jobId: row.id, input })))) {
        refuse('conflict', `the experiment ${input.experiment} is deleted: restore it first`, { field: 'experiment' })
      }
      await logDatasets(tx, { runId: row.runId, datasets: [datasetOfVersion(ctx, read)], now: ctx.now() })
      const job = await insertJob(tx, row)
      await notify(tx, { channel: 'modelyard_plan', payload: {} })
      return {
        answer: jobView(job, []),
        note: {
          action: 'job.submitted',
          targetKind: 'job',
          targetId: job.id,
          summary: `Job ${job.name} submitted: recipe ${job.recipe} for model ${job.model}`,
          detail: {
            runId: job.runId,
            recipe: job.recipe,
            datasetVersionId: job.datasetVersionId,
            params: job.params,
            seed: job.seed,
            codeCommit: job.codeCommit,
          },
        },
        changes: [
          { noun: 'job', id: job.id },
          { noun: 'run', id: job.runId },
        ],
      }
    },
  )
}

function requireUsable(found: NamedDatasetVersion | null, input: Submission): NamedDatasetVersion {
  if (!found)
    return refuse('not_found', `there is no dataset version ${input.datasetVersionId} in ${input.project}`, {
      field: 'datasetVersionId',
    })
  const { version } = found
  if (!version.blocked) return found
  const gates = [...version.gates, ...version.leakage] as { gate: string; pass: boolean }[]
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate)
  return refuse('blocked', `this dataset version failed its gates: ${failed.join(', ')}`, {
    field: 'datasetVersionId',
    details: { gates: failed },
  })
}

function rowOf(ctx: Ctx, projectId: string, input: Submission): typeof tables.job.$inferInsert {
  const now = ctx.now()
  const { project: _, idempotencyKey: __, experiment: ___, ...wanted } = input
  return {
    ...wanted,
    id: ctx.newId('job'),
    projectId,
    runId: ctx.newId('run'),
    state: 'queued',
    availableAt: now,
    traceparent: ctx.traceparent(),
    createdBy: actorOf(ctx.principal),
    createdAt: now,
  }
}

function runOf(ctx: Ctx, args: { projectId: string; runId: string; jobId: string; input: Submission }) {
  const { input, runId, jobId, projectId } = args
  const params = Object.entries(input.params).map(([key, value]) => [key, String(value)])
  return {
    id: runId,
    projectId,
    experiment: input.experiment,
    experimentId: ctx.newId('exp'),
    name: input.name,
    params: Object.fromEntries(params) as Record<string, string>,
    codeCommit: input.codeCommit,
    seed: input.seed,
    datasetVersionId: input.datasetVersionId,
    jobId,
    createdBy: actorOf(ctx.principal),
    now: ctx.now(),
  }
}
