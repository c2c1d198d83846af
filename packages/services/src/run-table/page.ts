import type { RunPage } from '@modelyard/contracts'
import { readRunDetails } from '@modelyard/db'
import { hexOfId, idOfHex } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type RunRef, readRun } from '../run/change.ts'
import { type RunRecord, readRunRecords } from '../run/record.ts'
import { searchRuns } from '../search/runs.ts'
import { loggedModelsOf } from './logged-models.ts'
import { metricValue } from './row.ts'

/** How MLflow's clients say which run another one is nested in. */
const PARENT_TAG = 'mlflow.parentRunId'
const MAX_CHILDREN = 100

/** A run as its page shows it, with the run it is nested in and those nested in it. @throws Refusal `not_found` */
export async function readRunPage(ctx: Ctx, input: RunRef): Promise<RunPage> {
  const record = await readRun(ctx, input)
  const { project } = await inProject(ctx, input.project, 'project.read')
  const filter = `tags.\`${PARENT_TAG}\` = '${hexOfId(record.id)}'`
  const [nested, details, parent, loggedModels] = await Promise.all([
    searchRuns(ctx, { project: input.project, filter, limit: MAX_CHILDREN }),
    readRunDetails(ctx.db, [record.id]),
    parentOf(ctx, project.id, record),
    loggedModelsOf(ctx, project.id, record),
  ])
  const { models, inputs } = details
  const known = new Set(record.datasets.map(({ datasetVersionId }) => datasetVersionId))
  const versions = inputs.filter(({ datasetVersionId }) => !known.has(datasetVersionId))
  return {
    ...factsOf(record),
    datasets: [
      ...record.datasets.map(({ name, digest, sourceType, tags, datasetVersionId }) => {
        const context = tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? ''
        return { name, digest, sourceType, context, datasetVersionId }
      }),
      ...versions.map(({ datasetVersionId, context }) => {
        return { name: '', digest: '', sourceType: '', context, datasetVersionId }
      }),
    ],
    modelVersionIds: models.map(({ id }) => id),
    loggedModels,
    parent,
    children: nested.items.map(({ id, name, status }) => ({ id, name, status })),
  }
}

type Facts = Omit<RunPage, 'datasets' | 'modelVersionIds' | 'loggedModels' | 'parent' | 'children'>

function factsOf(record: RunRecord): Facts {
  const { id, name, status, codeCommit, seed, jobId, createdBy } = record
  const { number, name: experiment } = record.experiment
  return {
    ...{ id, name, status, codeCommit, seed, jobId, createdBy },
    experiment: { number, name: experiment },
    user: record.userName,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString() ?? null,
    endedAt: record.endedAt?.toISOString() ?? null,
    deletedAt: record.deletedAt?.toISOString() ?? null,
    params: Object.fromEntries(record.params.map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(record.tags.map(({ key, value }) => [key, value])),
    metrics: record.metrics.map(({ key, value, step }) => ({ key, value: metricValue(value), step: step.toString() })),
  }
}

async function parentOf(ctx: Ctx, projectId: string, record: RunRecord): Promise<RunPage['parent']> {
  const hex = record.tags.find(({ key }) => key === PARENT_TAG)?.value
  const id = hex === undefined ? null : idOfHex('run', hex)
  if (id === null) return null
  const [found] = await readRunRecords(ctx.db, { projectId, ids: [id] })
  return found ? { id, name: found.name, status: found.status } : null
}
