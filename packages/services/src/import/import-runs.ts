import type { ImportExperiment, ImportLoggedModel, ImportRun, SealImport } from '@modelyard/contracts'
import {
  findExperimentByNumber,
  linkModels,
  listVersionsToRecognise,
  logDatasets,
  sealImported,
  upsertImportedExperiment,
  upsertImportedLoggedModel,
  upsertImportedRun,
} from '@modelyard/db'
import { recogniseVersion, refuse, versionIdIn } from '@modelyard/domain'
import type { z } from 'zod'
import { actorOf, type Ctx } from '../context.ts'
import { CONTEXT_TAG } from '../input/describe.ts'
import { mutate } from '../mutate.ts'
import { idIsTaken, idOfImported, inImportingProject, prefixOfKind, SEAL_TAG } from './mark.ts'

type Done = { done: true }
const done = { done: true } as const

/** An experiment by its name, with its tags and times; one of that name that is here already takes what comes. */
export async function importExperiment(
  ctx: Ctx,
  input: z.output<typeof ImportExperiment>,
): Promise<{ number: number }> {
  const { project, from } = await inImportingProject(ctx, input)
  const { name, tags } = input
  const row = {
    ...{ id: ctx.newId('exp'), projectId: project.id, name, tags: [...tags, from] },
    ...{ createdAt: new Date(input.createdAtMs), updatedAt: new Date(input.updatedAtMs) },
    deletedAt: input.deleted ? new Date(input.updatedAtMs) : null,
  }
  return mutate(ctx, { verb: 'import.experiment', projectId: project.id }, async (tx) => {
    const { id, number } = await upsertImportedExperiment(tx, row)
    const summary = `Experiment ${name} imported from ${input.from}`
    return {
      answer: { number },
      note: { action: 'experiment.imported', targetKind: 'experiment', targetId: id, summary, detail: { number } },
      changes: [{ noun: 'experiment', id }],
    }
  })
}

/** A run under its own id with everything but points and files; those follow over MLflow's protocol. */
export async function importRun(ctx: Ctx, input: z.output<typeof ImportRun>): Promise<Done> {
  const { project, from } = await inImportingProject(ctx, input)
  const projectId = project.id
  const id = idOfImported('run', input.runId)
  const experimentId = await experimentOf(ctx, { projectId, number: input.experimentNumber })
  const { name, status, userName, params, tags } = input
  const startedAt = new Date(input.startedAtMs)
  const endedAt = input.endedAtMs === null ? null : new Date(input.endedAtMs)
  const row = { id, projectId, experimentId, name, status, userName, startedAt, endedAt }
  const datasets = await datasetsOf(ctx, { projectId, datasets: input.datasets })
  const outputs = input.modelOutputs.map(({ modelId, step }) => linkOf(modelId, step))
  const inputs = input.modelInputs.map((modelId) => linkOf(modelId, '0'))
  return mutate(ctx, { verb: 'import.run', projectId }, async (tx) => {
    const made = { ...row, createdBy: actorOf(ctx.principal), createdAt: startedAt }
    if (!(await upsertImportedRun(tx, { row: made, params, tags, from }))) return idIsTaken(input.runId)
    await logDatasets(tx, { runId: id, datasets, now: startedAt })
    await linkModels(tx, { projectId, runId: id, direction: 'input', models: inputs, now: startedAt })
    await linkModels(tx, { projectId, runId: id, direction: 'output', models: outputs, now: startedAt })
    return { answer: done, note: null, changes: [{ noun: 'run', id }] }
  })
}

const linkOf = (modelId: string, step: string) => ({ loggedModelId: idOfImported('lm', modelId), step: BigInt(step) })

async function experimentOf(ctx: Ctx, args: { projectId: string; number: number }): Promise<string> {
  const found = await findExperimentByNumber(ctx.db, args)
  return found?.id ?? refuse('not_found', `there is no experiment ${args.number}`, { field: 'experimentNumber' })
}

async function datasetsOf(
  ctx: Ctx,
  { projectId, datasets }: { projectId: string; datasets: z.output<typeof ImportRun>['datasets'] },
) {
  const ids = datasets.flatMap(({ source }) => versionIdIn(source) ?? [])
  const versions = await listVersionsToRecognise(ctx.db, { projectId, ids, names: datasets.map(({ name }) => name) })
  return datasets.map((dataset) => ({
    ...dataset,
    id: ctx.newId('lds'),
    datasetVersionId: recogniseVersion(dataset, versions)?.id ?? null,
    context: dataset.tags.find(({ key }) => key === CONTEXT_TAG)?.value ?? null,
  }))
}

/** A logged model under its own id with everything but its files. */
export async function importLoggedModel(ctx: Ctx, input: z.output<typeof ImportLoggedModel>): Promise<Done> {
  const { project, from } = await inImportingProject(ctx, input)
  const projectId = project.id
  const id = idOfImported('lm', input.modelId)
  const experimentId = await experimentOf(ctx, { projectId, number: input.experimentNumber })
  const { name, modelType, status, statusMessage, params, tags } = input
  const sourceRunId = input.sourceRunId === null ? null : idOfImported('run', input.sourceRunId)
  const row = {
    ...{ id, projectId, experimentId, name, modelType, status, statusMessage, sourceRunId },
    ...{ createdAt: new Date(input.createdAtMs), updatedAt: new Date(input.updatedAtMs) },
    createdBy: actorOf(ctx.principal),
  }
  const metrics = input.metrics.map(({ value, step, atMs, runId, ...metric }) => ({
    ...metric,
    ...{ value: Number(value), step: BigInt(step), atMs: BigInt(atMs), runId: idOfImported('run', runId) },
  }))
  return mutate(ctx, { verb: 'import.logged_model', projectId }, async (tx) => {
    if (!(await upsertImportedLoggedModel(tx, { row, params, tags, metrics, from }))) return idIsTaken(input.modelId)
    return { answer: done, note: null, changes: [{ noun: 'logged_model', id }] }
  })
}

/** Say that all of a run or logged model has come and was compared: an import that begins again passes it by. */
export async function sealImport(ctx: Ctx, input: z.output<typeof SealImport>): Promise<Done> {
  const { project, from } = await inImportingProject(ctx, input)
  const id = idOfImported(prefixOfKind(input.kind), input.id)
  const seal = { key: SEAL_TAG, value: JSON.stringify(input.sealed) }
  return mutate(ctx, { verb: 'import.seal', projectId: project.id }, async (tx) => {
    const deletedAt = input.deleted ? ctx.now() : null
    if (!(await sealImported(tx, { projectId: project.id, id, from, seal, deletedAt }))) {
      refuse('not_found', `${input.id} was not imported from ${input.from}`, { field: 'id' })
    }
    return { answer: done, note: null, changes: [{ noun: input.kind === 'run' ? 'run' : 'logged_model', id }] }
  })
}
