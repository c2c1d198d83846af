import { hexOfId } from '@modelyard/domain'
import type { LoggedModelRecord } from '@modelyard/services'

/** Our states as MLflow writes them, in the order of its enum, which counts from 0. */
export const LOGGED_MODEL_STATUSES = [
  'LOGGED_MODEL_STATUS_UNSPECIFIED',
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
] as const
export type LoggedModelStatusName = (typeof LOGGED_MODEL_STATUSES)[number]

export const STATUS_OF_NAME = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'unspecified',
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
} as const satisfies Record<LoggedModelStatusName, LoggedModelRecord['status']>

const NAME_OF_STATUS: Record<LoggedModelRecord['status'], LoggedModelStatusName> = {
  unspecified: 'LOGGED_MODEL_STATUS_UNSPECIFIED',
  pending: 'LOGGED_MODEL_PENDING',
  ready: 'LOGGED_MODEL_READY',
  failed: 'LOGGED_MODEL_UPLOAD_FAILED',
}

/** MLflow's `LoggedModel`. */
export function loggedModelOf(model: LoggedModelRecord): object {
  const modelId = `m-${hexOfId(model.id)}`
  const { number } = model.experiment
  return {
    info: {
      model_id: modelId,
      experiment_id: String(number),
      name: model.name,
      creation_timestamp_ms: model.createdAt.getTime(),
      last_updated_timestamp_ms: model.updatedAt.getTime(),
      artifact_uri: `mlflow-artifacts:/${number}/models/${modelId}/artifacts`,
      status: NAME_OF_STATUS[model.status],
      status_message: model.statusMessage ?? undefined,
      model_type: model.modelType,
      source_run_id: model.sourceRunId === null ? undefined : hexOfId(model.sourceRunId),
      tags: some(model.tags),
    },
    data: {
      params: some(model.params),
      metrics: some(model.metrics.map((metric) => metricOf(metric, modelId))),
    },
  }
}

function metricOf(metric: LoggedModelRecord['metrics'][number], modelId: string): object {
  const { key, value, step, atMs, datasetName, datasetDigest } = metric
  return {
    key,
    value,
    timestamp: atMs,
    step,
    dataset_name: datasetName === '' ? undefined : datasetName,
    dataset_digest: datasetDigest === '' ? undefined : datasetDigest,
    model_id: modelId,
    run_id: hexOfId(metric.runId),
  }
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined
}
