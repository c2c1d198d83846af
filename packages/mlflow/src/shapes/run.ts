import { hexOfId, RUN_NAME_TAG } from '@modelyard/domain'
import type { LoggedPair, RunRecord, RunText } from '@modelyard/services'
import { JsonText, writeJson } from '../json.ts'
import { metricsOf } from './metric.ts'

/** Our states as MLflow writes them; the order is that of its enum, which counts from 1. */
export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const

type Info = Pick<RunText, 'id' | 'name' | 'status' | 'userName' | 'startMs' | 'endMs' | 'deleted' | 'experimentNumber'>

/** MLflow's `RunInfo`. */
export function runInfoOf(run: RunRecord): object {
  return infoOf({
    ...run,
    startMs: (run.startedAt ?? run.createdAt).getTime(),
    endMs: run.endedAt?.getTime() ?? null,
    deleted: run.deletedAt !== null,
    experimentNumber: run.experiment.number,
  })
}

function infoOf(run: Info): object {
  const hex = hexOfId(run.id)
  return {
    run_uuid: hex,
    experiment_id: String(run.experimentNumber),
    run_name: run.name,
    user_id: run.userName,
    status: run.status.toUpperCase(),
    start_time: run.startMs,
    end_time: run.endMs ?? undefined,
    artifact_uri: `mlflow-artifacts:/${run.experimentNumber}/${hex}/artifacts`,
    lifecycle_stage: run.deleted ? 'deleted' : 'active',
    run_id: hex,
  }
}

/** MLflow's `Run`. Lists without members are left out, as clients expect of protobuf's JSON. */
export function runOf(run: RunRecord): Record<'info' | 'data' | 'inputs' | 'outputs', object> {
  return {
    info: runInfoOf(run),
    data: {
      metrics: metricsOf(run.metrics),
      params: pairsOf(run.params),
      tags: pairsOf([...run.tags, { key: RUN_NAME_TAG, value: run.name }]),
    },
    ...linksOf(run),
  }
}

/** The same, as JSON, of a run whose lists are text already. */
export function runTextOf(run: RunText): string {
  const models = (wanted: 'input' | 'output') =>
    (run.models ?? [])
      .filter(({ direction }) => direction === wanted)
      .map(({ id, step }) => ({ loggedModelId: id, step: BigInt(step) }))
  const name = JSON.stringify({ key: RUN_NAME_TAG, value: run.name })
  return writeJson({
    info: infoOf(run),
    data: {
      metrics: listOf(run.metrics),
      params: listOf(run.params),
      tags: listOf(run.tags === null ? name : `${run.tags},${name}`),
    },
    ...linksOf({ datasets: run.datasets ?? [], modelInputs: models('input'), modelOutputs: models('output') }),
  })
}

function linksOf(
  run: Pick<RunRecord, 'datasets' | 'modelInputs' | 'modelOutputs'>,
): Record<'inputs' | 'outputs', object> {
  return {
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

function listOf(members: string | null): JsonText | undefined {
  return members === null ? undefined : new JsonText(`[${members}]`)
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
