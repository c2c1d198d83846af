import { hexOfId, RUN_NAME_TAG } from '@modelyard/domain'
import type { LoggedPair, RunRecord } from '@modelyard/services'
import { JsonText } from '../json.ts'

/** Our states as MLflow writes them; the order is that of its enum, which counts from 1. */
export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const

/** MLflow's `RunInfo`. */
export function runInfoOf(run: RunRecord): object {
  const hex = hexOfId(run.id)
  return {
    run_uuid: hex,
    experiment_id: String(run.experiment.number),
    run_name: run.name,
    user_id: run.userName,
    status: run.status.toUpperCase(),
    start_time: (run.startedAt ?? run.createdAt).getTime(),
    end_time: run.endedAt?.getTime(),
    artifact_uri: `mlflow-artifacts:/${run.experiment.number}/${hex}/artifacts`,
    lifecycle_stage: run.deletedAt === null ? 'active' : 'deleted',
    run_id: hex,
  }
}

/** MLflow's `Run`. Lists without members are left out, as clients expect of protobuf's JSON. */
export function runOf(run: RunRecord): Record<'info' | 'data' | 'inputs' | 'outputs', object> {
  return {
    info: runInfoOf(run),
    data: {
      metrics: some(run.metrics.map(({ key, value, step, atMs }) => ({ key, value, timestamp: atMs, step }))),
      params: pairsOf(run.params),
      tags: pairsOf([...run.tags, { key: RUN_NAME_TAG, value: run.name }]),
    },
    inputs: {
      dataset_inputs: some(run.datasets.map(datasetInputOf)),
      model_inputs: some(run.modelInputs.map(({ loggedModelId }) => ({ model_id: modelHex(loggedModelId) }))),
    },
    outputs: {
      model_outputs: some(
        run.modelOutputs.map(({ loggedModelId, step }) => ({ model_id: modelHex(loggedModelId), step })),
      ),
    },
  }
}

/** Pure text, which the platform writes ten times faster than we do; most of a page of runs is such pairs. */
function pairsOf(pairs: readonly LoggedPair[]): JsonText | undefined {
  return pairs.length > 0 ? new JsonText(JSON.stringify(pairs)) : undefined
}

function datasetInputOf({ tags, ...dataset }: RunRecord['datasets'][number]): object {
  return {
    tags: some(tags),
    dataset: {
      name: dataset.name,
      digest: dataset.digest,
      source_type: dataset.sourceType,
      source: dataset.source,
      schema: dataset.schema ?? undefined,
      profile: dataset.profile ?? undefined,
    },
  }
}

/** Logged models go by `m-` and 32 hexadecimal digits. */
const modelHex = (id: string) => `m-${hexOfId(id)}`

/** Protobuf's JSON says nothing of an empty list. */
function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined
}
