import type { ModelSignature, RecipeResult } from '@modelyard/contracts'
import {
  appendLedger,
  type Db,
  findProjectKpis,
  findVersionOfJob,
  insertModelVersion,
  type JobRow,
  lockModel,
  notify,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { actorOf, type Ctx } from '../context.ts'
import { happenedToRegistry, queueWebhooks } from '../webhook/event.ts'
import { judgeVersion, type Report } from './judge.ts'

/** A recipe's result whose model file was stored under its hash and inspected. */
export type TrainedModel = {
  sha256: string
  sizeBytes: number
  signature: ModelSignature
  result: z.output<typeof RecipeResult>
}

/**
 * Register what a job made as the next version of its model, inside the caller's transaction, which has locked the job;
 * once per job, however often it is said. The author is who submitted the job, not the runner.
 */
export async function registerTrained(
  ctx: Ctx,
  tx: Db,
  { job, trained }: { job: JobRow; trained: TrainedModel },
): Promise<{ id: string }> {
  const known = await findVersionOfJob(tx, job.id)
  if (known) return known
  const { projectId, datasetVersionId } = job
  const { sha256, sizeBytes, signature, result } = trained
  const evaluations = onePerSplit(result.evaluations)
  const model = await lockModel(tx, { projectId, name: job.model, newId: ctx.newId('mdl'), now: ctx.now() })
  const judged = await judgeVersion(tx, {
    projectId,
    modelId: model.id,
    kpis: await findProjectKpis(tx, projectId),
    signature,
    evaluations,
    datasetVersionId,
    artifactVerified: (await ctx.blobs.size(sha256)) === sizeBytes,
  })
  const id = ctx.newId('mv')
  const row = {
    ...{ id, projectId, modelId: model.id, sha256, sizeBytes, signature, datasetVersionId },
    ...{ runId: job.runId, jobId: job.id, codeCommit: job.codeCommit, createdBy: job.createdBy, createdAt: ctx.now() },
    ...{ stage: 'candidate' as const, gates: judged.gates, gatesPassed: judged.gatesPassed },
    classes: judged.classes.length > 0 ? judged.classes : (evaluations[0]?.classes ?? []),
  }
  const version = await insertModelVersion(tx, row, evaluationRows(ctx, { projectId, datasetVersionId, evaluations }))
  await appendLedger(tx, {
    projectId,
    at: ctx.now(),
    actor: actorOf(ctx.principal),
    action: 'model.registered',
    targetKind: 'model_version',
    targetId: id,
    summary: `Model ${job.model} v${version} registered from job ${job.name}`,
    detail: { sha256, jobId: job.id, runId: job.runId, datasetVersionId, gatesPassed: judged.gatesPassed },
  })
  const { model: name } = job
  const made = { source: '', runId: job.runId, description: '', tags: [] }
  await queueWebhooks(ctx, tx, {
    projectId,
    events: [
      ...(model.isNew ? [happenedToRegistry.modelCreated({ name, description: '', tags: [] })] : []),
      happenedToRegistry.versionCreated({ name, version, ...made }),
    ],
  })
  await notify(tx, { channel: 'modelyard_change', payload: { noun: 'model_version', id, projectId } })
  return { id }
}

function onePerSplit(reports: readonly Report[]): readonly Report[] {
  const twice = reports.find(({ split }, index) => reports.findIndex((other) => other.split === split) !== index)
  if (twice) refuse('invalid', `the result holds two evaluations on ${twice.split}`, { field: 'evaluations' })
  return reports
}

function evaluationRows(
  ctx: Ctx,
  args: { projectId: string; datasetVersionId: string; evaluations: readonly Report[] },
) {
  const { projectId, datasetVersionId } = args
  return args.evaluations.map((report) => {
    return { id: ctx.newId('evl'), projectId, datasetVersionId, split: report.split, report, createdAt: ctx.now() }
  })
}
