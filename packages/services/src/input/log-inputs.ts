import { type Db, linkModels, listKnownModels, listVersionsToRecognise, logDatasets } from '@modelyard/db'
import { hexOfId, recogniseVersion, refuse, versionIdIn } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { holdForWriting } from '../run/hold.ts'
import { CONTEXT_TAG } from './describe.ts'

export type DatasetToLog = {
  name: string
  digest: string
  sourceType: string
  source: string
  schema: string | null
  profile: string | null
  tags: { key: string; value: string }[]
}
export type InputsToLog = {
  project: string
  runId: string
  datasets: readonly DatasetToLog[]
  modelIds: readonly string[]
}
export type OutputsToLog = { project: string; runId: string; models: readonly { id: string; step: bigint }[] }

/**
 * Say which datasets and models a run read. May be said again. A dataset that is a version of ours becomes lineage.
 * @throws Refusal `not_found` naming a run or model that the project does not hold, `invalid` for a deleted run
 */
export async function logInputs(ctx: Ctx, input: InputsToLog): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const datasets = await recognise(ctx, { projectId: project.id, datasets: input.datasets })
  const { runId } = input
  const models = input.modelIds.map((id) => ({ id, step: 0n }))
  await mutate(ctx, { verb: 'run.log_inputs', projectId: project.id }, async (tx) => {
    await holdForWriting(ctx, tx, { projectId: project.id, runId })
    await link(ctx, tx, { projectId: project.id, runId, direction: 'input', models })
    await logDatasets(tx, { runId, datasets, now: ctx.now() })
    return { answer: undefined, note: null, changes: [{ noun: 'run', id: runId }] }
  })
}

/** Say which logged models a run wrote, and at which step. May be said again. Refusals as for inputs. */
export async function logOutputs(ctx: Ctx, input: OutputsToLog): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { runId, models } = input
  await mutate(ctx, { verb: 'run.log_outputs', projectId: project.id }, async (tx) => {
    await holdForWriting(ctx, tx, { projectId: project.id, runId })
    await link(ctx, tx, { projectId: project.id, runId, direction: 'output', models })
    return { answer: undefined, note: null, changes: [{ noun: 'run', id: runId }] }
  })
}

type Links = {
  projectId: string
  runId: string
  direction: 'input' | 'output'
  models: readonly { id: string; step: bigint }[]
}

async function link(ctx: Ctx, tx: Db, { models, ...args }: Links): Promise<void> {
  const known = await listKnownModels(tx, { projectId: args.projectId, ids: models.map(({ id }) => id) })
  const missing = models.find(({ id }) => !known.has(id))
  if (missing)
    refuse('not_found', `there is no logged model with the id m-${hexOfId(missing.id)}`, { field: 'model_id' })
  const links = models.map(({ id, step }) => ({ loggedModelId: id, step }))
  await linkModels(tx, { ...args, models: links, now: ctx.now() })
}

async function recognise(ctx: Ctx, args: { projectId: string; datasets: readonly DatasetToLog[] }) {
  const { projectId, datasets } = args
  const ids = datasets.flatMap(({ source }) => versionIdIn(source) ?? [])
  const names = datasets.map(({ name }) => name)
  const versions = await listVersionsToRecognise(ctx.db, { projectId, ids, names })
  return datasets.map((dataset) => ({
    ...dataset,
    id: ctx.newId('lds'),
    datasetVersionId: recogniseVersion(dataset, versions)?.id ?? null,
    context: dataset.tags.find(({ key }) => key === CONTEXT_TAG)?.value ?? null,
  }))
}
