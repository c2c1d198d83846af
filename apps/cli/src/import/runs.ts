import { textOf } from './exact-json.ts'
import {
  type Brought,
  brokenAt,
  copyFiles,
  digestOf,
  type Expected,
  type Import,
  type Sealed,
  wholeHere,
} from './owners.ts'
import { copyPoints } from './points.ts'
import { type Experiment, type Run, runsOf, type Tag } from './source.ts'

const AT_ONCE = 4
/** The name of a run is a field of its own here. */
const NAME_TAG = 'mlflow.runName'
const STATUSES = {
  SCHEDULED: 'scheduled',
  RUNNING: 'running',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
}
type Status = 'scheduled' | 'running' | 'finished' | 'failed' | 'killed'

export type Place = { experiment: Experiment; number: number }
/** What was brought; those deleted there are deleted here last, when nothing needs them any more. */
export type Seal = {
  kind: 'run' | 'loggedModel'
  id: string
  deleted: boolean
  sealed: Sealed
  same: boolean
  expected: Expected
}

export const pairsOf = (tags: readonly Tag[] = []) => tags.map(({ key, value = '' }) => ({ key, value }))
export const hexOfModel = (id: string) => id.replace(/^m-/, '')
const tagsOf = ({ data }: Run) => pairsOf(data?.tags).filter(({ key }) => key !== NAME_TAG)

/** Work on several at once, in no order. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const next = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

/** Every run of an experiment; those that were brought before, and have not changed there since, are passed by. */
export async function copyRuns(work: Import, place: Place): Promise<Seal[]> {
  const seals: Seal[] = []
  for await (const { runs = [] } of runsOf(work.source, place.experiment.experiment_id)) {
    const ids = runs.map(({ info }) => info.run_id)
    const { target, tally } = work
    const state = await target.call(() => target.imports.state.query({ ...target.base, kind: 'run', ids }))
    const here = new Map(state.map((one) => [one.id, one]))
    await each(runs, async (run) => {
      const [id, digest, expected] = [run.info.run_id, digestOf(run), expectedOf(run)]
      const known = wholeHere(here.get(id), digest, expected)
      const { same, ...amount } = known
        ? { ...known, same: true }
        : await copyRun(work, { place, run }).catch(brokenAt(work, `run ${id}`))
      tally.add('there', { runs: 1, ...expected, ...amount })
      const deleted = run.info.lifecycle_stage === 'deleted'
      const seal = { kind: 'run' as const, id, deleted, sealed: { ...amount, digest }, same, expected }
      if (same && !known) await sealOne(work, { ...seal, deleted: false })
      seals.push(seal)
      work.progress.done('runs')
    })
  }
  return seals
}

export async function sealOne({ target }: Import, { kind, id, deleted, sealed }: Seal): Promise<void> {
  await target.call(() => target.imports.seal.mutate({ ...target.base, kind, id, deleted, sealed }))
}

const expectedOf = (run: Run) => ({
  params: run.data?.params?.length ?? 0,
  tags: tagsOf(run).length,
  metrics: run.data?.metrics?.length ?? 0,
  datasets: run.inputs?.dataset_inputs?.length ?? 0,
})

async function copyRun(work: Import, { place, run }: { place: Place; run: Run }): Promise<Brought> {
  const { source, target, tally, progress } = work
  const runId = run.info.run_id
  await target.call(() => target.imports.run.mutate({ ...target.base, ...rowOf(run, place.number) }))
  const keys = (run.data?.metrics ?? []).map(({ key }) => key)
  const { points, differing } = await copyPoints({ source, target: target.server }, { runId, keys })
  for (const key of differing) tally.differ(`run ${runId}: metric ${key}`)
  progress.done('points', points)
  const owner = { kind: 'run' as const, id: runId, experimentNumber: place.number }
  const { files, bytes, same } = await copyFiles(work, owner)
  return { points, files, bytes, same: same && differing.length === 0 }
}

function datasetsOf({ inputs }: Run) {
  return (inputs?.dataset_inputs ?? []).map(({ tags, dataset: { source_type: sourceType, ...dataset } }) => ({
    ...{ name: dataset.name, digest: dataset.digest, sourceType, source: dataset.source, tags: pairsOf(tags) },
    ...{ schema: dataset.schema ?? null, profile: dataset.profile ?? null },
  }))
}

function rowOf(run: Run, experimentNumber: number) {
  const { info, inputs, outputs } = run
  return {
    ...{ runId: info.run_id, experimentNumber, name: info.run_name ?? '', userName: info.user_id ?? '' },
    status: (STATUSES[info.status as keyof typeof STATUSES] ?? 'finished') as Status,
    startedAtMs: info.start_time ?? 0,
    endedAtMs: info.end_time ?? null,
    params: pairsOf(run.data?.params),
    tags: tagsOf(run),
    datasets: datasetsOf(run),
    modelInputs: (inputs?.model_inputs ?? []).map(({ model_id }) => hexOfModel(model_id)),
    modelOutputs: (outputs?.model_outputs ?? []).map(({ model_id, step = 0 }) => ({
      ...{ modelId: hexOfModel(model_id), step: textOf(step) },
    })),
  }
}
