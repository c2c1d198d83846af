import type { EvaluateModelVersion, ModelSignature, QueuedEvaluation } from '@modelyard/contracts'
import {
  type DatasetVersionRow,
  type Db,
  findDatasetVersion,
  findQueuedFor,
  insertOutbox,
  lockModelVersion,
  type ModelVersionRow,
  type NamedModelVersion,
} from '@modelyard/db'
import { type ColumnProfile, refuse, refuseSaid, say, whyNotEvaluable } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { requireVersionOfCaller } from '../job/tie.ts'
import { mutate } from '../mutate.ts'

export const EVALUATE_TOPIC = 'model.evaluate'
/** The worker holds the file in memory while the model is inspected and loaded. */
const MAX_MODEL_BYTES = 256 * 1024 * 1024

/**
 * Have a candidate evaluated on the test part of a dataset version, by this installation and not by whoever made it. The
 * worker does it; what cannot work is refused here. Of a version that names no dataset yet it becomes the dataset; one
 * that does is evaluated on no other, whose test part it may have been trained on. Asked for again, the first stands.
 */
export async function evaluateModelVersion(
  ctx: Ctx,
  input: z.output<typeof EvaluateModelVersion>,
): Promise<QueuedEvaluation> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  const { idempotencyKey, ...request } = input
  const { modelVersionId, datasetVersionId } = input
  const idempotency = { key: idempotencyKey, request }
  return mutate(ctx, { verb: 'model.evaluate', projectId: project.id, idempotency }, async (tx) => {
    const found = await lockModelVersion(tx, { projectId: project.id, id: modelVersionId })
    if (!found)
      return refuse('not_found', `this project has no model version ${modelVersionId}`, { field: 'modelVersionId' })
    await requireVersionOfCaller(ctx, tx, found.version)
    requireCandidate(found)
    const dataset = await findDatasetVersion(tx, { projectId: project.id, id: datasetVersionId })
    if (!dataset)
      return refuse('not_found', `this project has no dataset version ${datasetVersionId}`, {
        field: 'datasetVersionId',
      })
    requireFit(found, dataset.version)
    const open = await openFor(tx, { modelVersionId, datasetVersionId })
    if (open) return { answer: open, note: null, changes: [] }
    const at = ctx.now()
    const payload = { modelVersionId, datasetVersionId }
    await insertOutbox(tx, { projectId: project.id, topic: EVALUATE_TOPIC, payload, at })
    const on = `${dataset.name} v${dataset.version.version}`
    return {
      answer: { modelVersionId, datasetVersionId, queuedAt: at.toISOString() },
      note: {
        ...{ action: 'model.evaluation_asked', targetKind: 'model_version', targetId: modelVersionId },
        summary: `Evaluation of ${found.model} v${found.version.version} on ${on} asked for`,
        detail: { datasetVersionId, sha256: found.version.sha256 },
      },
      changes: [{ noun: 'model_version', id: modelVersionId }],
    }
  })
}

/** @throws Refusal `conflict` for another dataset than the one that is waited for */
async function openFor(
  tx: Db,
  asked: { modelVersionId: string; datasetVersionId: string },
): Promise<QueuedEvaluation | null> {
  const open = await findQueuedFor(tx, { topic: EVALUATE_TOPIC, modelVersionId: asked.modelVersionId })
  if (!open) return null
  if (open.payload.datasetVersionId !== asked.datasetVersionId)
    refuseSaid('conflict', say('eval_busy', {}), { field: 'datasetVersionId' })
  return { ...asked, queuedAt: open.createdAt.toISOString() }
}

/** @throws Refusal `conflict` for a version that somebody decided on, whose gates stay as they were decided */
export function requireCandidate({ version, model }: NamedModelVersion): void {
  if (version.stage === 'candidate') return
  const named = { version: `${model} v${version.version}`, stage: version.stage }
  refuseSaid('conflict', say('eval_decided', named), { field: 'modelVersionId' })
}

/** @throws Refusal `unsupported`, `too_large` or `invalid`, in a sentence for whoever asked */
export function requireFit({ version, model }: NamedModelVersion, dataset: DatasetVersionRow): void {
  const name = `${model} v${version.version}`
  if (version.format !== 'onnx')
    refuseSaid('unsupported', say('eval_format', { version: name }), { field: 'modelVersionId' })
  if (version.sizeBytes > MAX_MODEL_BYTES)
    refuse('too_large', `${name} has more than ${MAX_MODEL_BYTES} bytes`, { field: 'modelVersionId' })
  if (version.datasetVersionId !== null && version.datasetVersionId !== dataset.id)
    refuseSaid('invalid', say('eval_tied', { version: name }), { field: 'datasetVersionId' })
  const classes = classesFor(version, dataset)
  const columns = dataset.columns as ColumnProfile[]
  const why = whyNotEvaluable({ signature: version.signature as ModelSignature, columns, classes })
  if (why !== null) refuseSaid('invalid', why, { field: 'datasetVersionId' })
}

/** In the order in which the model numbers them: as it was registered, else as the dataset has them. */
export function classesFor(version: ModelVersionRow, dataset: DatasetVersionRow): string[] {
  if (version.classes.length === 0) return dataset.classes
  const missing = dataset.classes.find((name) => !version.classes.includes(name))
  if (missing !== undefined)
    refuse('invalid', `the dataset has the class "${missing}", which the model does not know`, {
      field: 'datasetVersionId',
    })
  return version.classes
}
