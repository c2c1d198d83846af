import { textOf } from './exact-json.ts'
import { type Brought, brokenAt, copyFiles, digestOf, type Import, wholeHere } from './owners.ts'
import { each, hexOfModel, type Place, pairsOf, type Seal, sealOne } from './runs.ts'
import { type LoggedModel, loggedModelsOf } from './source.ts'
import { Refused } from './wire.ts'

const STATUSES = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 'unspecified',
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
} as const

/** Every logged model of an experiment. A server before MLflow 3 knows of none; deleted ones no server lists. */
export async function copyLoggedModels(work: Import, place: Place): Promise<Seal[]> {
  const seals: Seal[] = []
  try {
    for await (const { models = [] } of loggedModelsOf(work.source, place.experiment.experiment_id))
      seals.push(...(await copyPage(work, place, models)))
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404 && seals.length === 0)) throw error
  }
  return seals
}

async function copyPage(work: Import, place: Place, models: readonly LoggedModel[]): Promise<Seal[]> {
  const { target, tally } = work
  const seals: Seal[] = []
  const ids = models.map(({ info }) => hexOfModel(info.model_id))
  const state = await target.call(() => target.imports.state.query({ ...target.base, kind: 'loggedModel', ids }))
  const here = new Map(state.map((one) => [one.id, one]))
  await each(models, async (model) => {
    const [id, digest, expected] = [hexOfModel(model.info.model_id), digestOf(model), expectedOf(model)]
    const known = wholeHere(here.get(id), digest, expected)
    const { same, ...amount } = known
      ? { ...known, same: true }
      : await copyModel(work, { model, place }).catch(brokenAt(work, `loggedModel ${id}`))
    tally.add('there', { 'logged models': 1, files: amount.files, bytes: amount.bytes })
    const seal: Seal = { kind: 'loggedModel', id, deleted: false, sealed: { ...amount, digest }, same, expected }
    if (same && !known) await sealOne(work, seal)
    seals.push(seal)
  })
  return seals
}

const expectedOf = ({ info, data }: LoggedModel) => ({
  params: data?.params?.length ?? 0,
  tags: info.tags?.length ?? 0,
})

async function copyModel(work: Import, { model, place }: { model: LoggedModel; place: Place }): Promise<Brought> {
  const { target } = work
  await target.call(() => target.imports.loggedModel.mutate({ ...target.base, ...rowOf(model, place) }))
  const id = hexOfModel(model.info.model_id)
  const copied = await copyFiles(work, { kind: 'loggedModel', id, experimentNumber: place.number })
  return { ...copied, points: model.data?.metrics?.length ?? 0 }
}

function rowOf({ info, data }: LoggedModel, { number }: Place) {
  return {
    ...{
      modelId: hexOfModel(info.model_id),
      experimentNumber: number,
      name: info.name,
      modelType: info.model_type ?? '',
    },
    sourceRunId: info.source_run_id || null,
    status: STATUSES[info.status as keyof typeof STATUSES] ?? 'unspecified',
    statusMessage: info.status_message ?? null,
    createdAtMs: info.creation_timestamp_ms,
    updatedAtMs: info.last_updated_timestamp_ms,
    params: pairsOf(data?.params),
    tags: pairsOf(info.tags),
    metrics: (data?.metrics ?? []).map(({ key, value, step = 0, timestamp, run_id, dataset_name, dataset_digest }) => ({
      ...{ key, value: metricValueOf(value), step: textOf(step), atMs: textOf(timestamp), runId: run_id },
      ...{ datasetName: dataset_name ?? '', datasetDigest: dataset_digest ?? '' },
    })),
  }
}

/** Numbers as our verbs take them: NaN and the infinities by name. */
function metricValueOf(value: Parameters<typeof textOf>[0]): number | 'NaN' | 'Infinity' | '-Infinity' {
  const text = textOf(value)
  return text === 'NaN' || text === 'Infinity' || text === '-Infinity' ? text : Number(text)
}
