import type { Import } from './owners.ts'
import { pairsOf } from './runs.ts'
import { type Model, modelsOf, type Version, versionsOf } from './source.ts'
import { get, Refused, send } from './wire.ts'

const API = '/api/2.0/mlflow'
/** Marks a version between its registration and the stamp that gives it its number. */
const VERSION_TAG = 'modelyard.import.version'
const PROMPT_TAG = 'mlflow.prompt.is_prompt'
const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const

/** Every registered model with its versions under their numbers, its aliases, tags and times. */
export async function copyRegistry(work: Import): Promise<void> {
  for await (const { registered_models = [] } of modelsOf(work.source)) {
    for (const model of registered_models.filter(isModel)) await copyModel(work, model)
  }
}

/** Prompts stand in the same tables and are no models: there is nothing of them but tags. */
const isModel = ({ tags = [] }: Model) => !tags.some(({ key, value }) => key === PROMPT_TAG && value === 'true')

async function copyModel(work: Import, model: Model): Promise<void> {
  const { target, tally, source } = work
  const { name, description = '', aliases = [] } = model
  await createModel(work, model)
  const versions = await allVersions(source, name)
  const here = new Map((await allVersions(target.server, name)).map((version) => [version.version, version]))
  for (const version of versions) {
    if (!here.has(version.version)) await copyVersion(work, version, [...here.values()])
    work.progress.done('versions')
  }
  for (const { alias, version } of aliases)
    await send(target.server, `${API}/registered-models/alias`, { body: { name, alias, version } }).catch(
      noted(work, `${name}: alias ${alias}`),
    )
  const times = timesOf(model)
  await target.call(() => target.imports.model.mutate({ ...target.base, name, ...times }))
  tally.add('there', { models: 1, versions: versions.length, aliases: aliases.length })
  await compareModel(work, { name, description, aliases, versions })
}

const timesOf = (of: { creation_timestamp: number; last_updated_timestamp: number }) => ({
  createdAtMs: of.creation_timestamp,
  updatedAtMs: of.last_updated_timestamp,
})

/** What is refused for good is a difference and no reason to stop. */
const noted = (work: Import, what: string) => (error: unknown) => {
  if (!(error instanceof Refused)) throw error
  work.tally.differ(`${what}: ${error.message}`)
}

async function createModel({ target }: Import, { name, description, tags = [] }: Model): Promise<void> {
  const body = { name, description, tags }
  try {
    await send(target.server, `${API}/registered-models/create`, { body })
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error
    const update = { method: 'PATCH', body: { name, description: description ?? '' } }
    await send(target.server, `${API}/registered-models/update`, update)
    for (const { key, value = '' } of tags)
      await send(target.server, `${API}/registered-models/set-tag`, { body: { name, key, value } })
  }
}

async function allVersions(server: Import['source'], name: string): Promise<Version[]> {
  const all: Version[] = []
  for await (const { model_versions = [] } of versionsOf(server, name)) all.push(...model_versions)
  return all.sort((left, right) => Number(left.version) - Number(right.version))
}

/** Register it here, then give it its number: versions that were deleted there leave holes. */
async function copyVersion(work: Import, version: Version, here: readonly Version[]): Promise<void> {
  const { target, tally } = work
  const { name } = version
  const what = `${name} v${version.version}`
  const source = sourceHere(version)
  if (source === null) return tally.differ(`${what}: its files at ${version.source} are of no run or logged model`)
  const left = here.find(({ tags }) => tags?.some(({ key, value }) => key === VERSION_TAG && value === version.version))
  try {
    const made = left ?? (await register(work, version, source))
    const stage = STAGES.find((known) => known === version.current_stage) ?? 'None'
    const stamp = { registeredAs: Number(made.version), version: Number(version.version), stage, ...timesOf(version) }
    await target.call(() => target.imports.modelVersion.mutate({ ...target.base, name, ...stamp }))
  } catch (error) {
    noted(work, what)(error)
  }
}

async function register({ target }: Import, version: Version, source: string): Promise<Version> {
  const { name, description, run_link, run_id } = version
  const tags = [...pairsOf(version.tags), { key: VERSION_TAG, value: version.version }]
  const body = { name, source, run_id: run_id || undefined, run_link, description, tags, model_id: modelIn(version) }
  const { model_version } = await send<{ model_version: Version }>(target.server, `${API}/model-versions/create`, {
    body,
  })
  return model_version
}

const MODEL_PLACE = /\bm-[0-9a-f]{32}\b/
const RUN_PLACE = /\b([0-9a-f]{32})\/artifacts\/?(.*)$/

const modelIn = ({ model_id, source = '' }: Version): string | undefined =>
  model_id || MODEL_PLACE.exec(source)?.[0] || undefined

/** Where its files are on our side: those of a logged model or of a run, which keep their ids. */
function sourceHere(version: Version): string | null {
  const { source = '' } = version
  const model = modelIn(version)
  if (model !== undefined) return `models:/${model}`
  if (/^(?:runs|models):\//.test(source)) return source
  const [, run, path] = RUN_PLACE.exec(source) ?? []
  return run === undefined ? null : `runs:/${run}/${path}`
}

type Compared = { name: string; description: string; aliases: NonNullable<Model['aliases']>; versions: Version[] }

async function compareModel({ target, tally }: Import, there: Compared): Promise<void> {
  const { name } = there
  const { registered_model: here } = await get<{ registered_model: Model }>(
    target.server,
    `${API}/registered-models/get`,
    { name },
  )
  const versions = new Map((await allVersions(target.server, name)).map((version) => [version.version, version]))
  tally.add('here', { models: 1, versions: versions.size, aliases: here.aliases?.length ?? 0 })
  if ((here.description ?? '') !== there.description) tally.differ(`${name}: its description`)
  for (const { alias, version } of there.aliases) {
    if (!here.aliases?.some((other) => other.alias === alias && String(other.version) === String(version)))
      tally.differ(`${name}: alias ${alias}`)
  }
  for (const version of there.versions) {
    const other = versions.get(version.version)
    const what = other && faultOf(version, other)
    if (what) tally.differ(`${name} v${version.version}: its ${what}`)
  }
}

function faultOf(there: Version, here: Version): string | null {
  const stage = (version: Version) => version.current_stage || 'None'
  if (stage(there) !== stage(here)) return 'stage'
  if ((there.description ?? '') !== (here.description ?? '')) return 'description'
  if (there.creation_timestamp !== here.creation_timestamp) return 'time'
  const lacks = pairsOf(there.tags).some(
    ({ key, value }) => !pairsOf(here.tags).some((tag) => tag.key === key && tag.value === value),
  )
  return lacks ? 'tags' : null
}
