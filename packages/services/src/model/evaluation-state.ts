import type { ModelVersion } from '@modelyard/contracts'
import { type Db, findDatasetOf, findQueuedFor, listLedger, type ModelVersionRow } from '@modelyard/db'
import { EVALUATE_TOPIC } from './evaluate.ts'

type EvaluationState = Pick<ModelVersion, 'evaluating' | 'evaluationFailure'>

/** What stands beside the reports: an evaluation that is not done, or why the last one left no report. */
export async function evaluationState(db: Db, version: ModelVersionRow): Promise<EvaluationState> {
  // Only candidates are evaluated, and what became of earlier tries is no matter of one that was decided on.
  const isEvaluable = version.stage === 'candidate' && version.format === 'onnx'
  const evaluating = isEvaluable ? await underWay(db, version.id) : null
  return { evaluating, evaluationFailure: isEvaluable && !evaluating ? await lastFailure(db, version) : null }
}

async function underWay(db: Db, modelVersionId: string): Promise<EvaluationState['evaluating']> {
  const queued = await findQueuedFor(db, { topic: EVALUATE_TOPIC, modelVersionId })
  if (!queued) return null
  const datasetVersionId = String(queued.payload.datasetVersionId)
  const dataset = await findDatasetOf(db, datasetVersionId)
  if (!dataset) throw new Error(`dataset version ${datasetVersionId} is gone`)
  const on = { datasetVersionId, dataset: dataset.name, datasetVersion: dataset.version }
  return { modelVersionId, ...on, queuedAt: queued.createdAt.toISOString() }
}

async function lastFailure(db: Db, { id, projectId }: ModelVersionRow): Promise<EvaluationState['evaluationFailure']> {
  const last = async (action: string) => (await listLedger(db, { projectId, targetId: id, action, limit: 1 }))[0]
  const failed = await last('model.evaluation_failed')
  if (!failed || failed.seq < ((await last('model.evaluated'))?.seq ?? 0)) return null
  return { at: failed.at.toISOString(), why: String(failed.detail.why) }
}
