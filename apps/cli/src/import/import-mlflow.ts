import { copyLoggedModels } from './logged-models.ts'
import { type Import, type State, wholeHere } from './owners.ts'
import { copyRegistry } from './registry.ts'
import { copyRuns, type Place, pairsOf, type Seal, sealOne } from './runs.ts'
import { type Experiment, experimentsOf } from './source.ts'

const STATE_PAGE = 500

/**
 * Bring everything of another MLflow server: experiments, runs with their histories and files, logged models, the
 * registry. What was brought whole before is passed by, so a broken import is just begun again.
 * @returns what differs, in words; empty when nothing does
 */
export async function importMlflow(work: Import): Promise<string[]> {
  const { progress, tally } = work
  const places: Place[] = []
  for await (const { experiments = [] } of experimentsOf(work.source)) {
    for (const experiment of experiments) places.push(await copyExperiment(work, experiment, false))
  }
  tally.add('there', { experiments: places.length })
  tally.add('here', { experiments: new Set(places.map(({ number }) => number)).size })
  const seals: Seal[] = []
  for (const place of places) {
    progress.phase(`experiment ${place.experiment.name}`)
    seals.push(...(await copyRuns(work, place)), ...(await copyLoggedModels(work, place)))
  }
  progress.phase('registry')
  await copyRegistry(work)
  progress.phase('what was deleted')
  for (const seal of seals.filter(({ deleted, same }) => deleted && same)) await sealOne(work, seal)
  for (const { experiment } of places.filter(isDeleted)) await copyExperiment(work, experiment, true)
  progress.phase('comparing')
  await compare(work, seals)
  return tally.verdict()
}

const isDeleted = ({ experiment }: Place) => experiment.lifecycle_stage === 'deleted'

/** Deleted ones are opened while their runs come in. */
async function copyExperiment({ target }: Import, experiment: Experiment, deleted: boolean): Promise<Place> {
  const { name, creation_time = 0, last_update_time = creation_time } = experiment
  const times = { createdAtMs: creation_time, updatedAtMs: last_update_time }
  const { number } = await target.call(() =>
    target.imports.experiment.mutate({ ...target.base, name, ...times, deleted, tags: pairsOf(experiment.tags) }),
  )
  return { experiment, number }
}

/** Count what is here of all that was brought, and look whether anything of it changed meanwhile. */
async function compare({ target, tally }: Import, seals: readonly Seal[]): Promise<void> {
  for (const kind of ['run', 'loggedModel'] as const) {
    const ofKind = seals.filter((seal) => seal.kind === kind)
    for (let from = 0; from < ofKind.length; from += STATE_PAGE) {
      const page = ofKind.slice(from, from + STATE_PAGE)
      const ids = page.map(({ id }) => id)
      const state = await target.call(() => target.imports.state.query({ ...target.base, kind, ids }))
      const here = new Map(state.map((one) => [one.id, one]))
      for (const { id, sealed, expected, deleted, same } of page) {
        const one = here.get(id)
        const isWhole = wholeHere(one, sealed.digest, expected) !== null && one?.deleted === deleted
        if (same && !isWhole) tally.differ(`${kind} ${id}: it is not as it was brought`)
        if (one) tally.add('here', countsOf(kind, one))
      }
    }
  }
}

function countsOf(kind: Seal['kind'], state: State) {
  const { files, bytes, params, tags, metrics, points, datasets } = state
  if (kind === 'loggedModel') return { 'logged models': 1, files, bytes }
  return { runs: 1, files, bytes, params, tags, metrics, points, datasets }
}
