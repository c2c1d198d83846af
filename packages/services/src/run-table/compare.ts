import type { ComparedRun, ComparedSeries, CompareRuns, CompareSeries } from '@modelyard/contracts'
import { listOwnedFiles } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type RunRecord, readRunRecords } from '../run/record.ts'
import { readSeriesOfRuns } from '../run/series.ts'
import { metricValue } from './row.ts'

/** Everything in which the named runs may differ, in the order they were named. @throws Refusal `not_found` for a foreign id. */
export async function compareRuns(ctx: Ctx, input: z.output<typeof CompareRuns>): Promise<ComparedRun[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const runIds = [...new Set(input.runIds)]
  const records = await readRunRecords(ctx.db, { projectId: project.id, ids: runIds })
  const missing = runIds.find((id) => !records.some((record) => record.id === id))
  if (missing !== undefined) refuse('not_found', `there is no run ${missing} in ${input.project}`, { field: 'runIds' })
  const files = await listOwnedFiles(ctx.db, { projectId: project.id, ownerIds: runIds })
  return records.map((record) => comparedOf(record, files))
}

/** One metric's curve of each of the named runs. */
export async function compareSeries(
  ctx: Ctx,
  input: z.output<typeof CompareSeries>,
): Promise<z.output<typeof ComparedSeries>> {
  const { project, key } = input
  const runIds = [...new Set(input.runIds)]
  const series = await readSeriesOfRuns(ctx, { project, runIds, keys: [key] })
  return runIds.map((runId) => ({ runId, series: series.find((one) => one.runId === runId) ?? null }))
}

type OwnedFile = Awaited<ReturnType<typeof listOwnedFiles>>[number]

function comparedOf(record: RunRecord, files: readonly OwnedFile[]): ComparedRun {
  const mine = files.filter(({ ownerId }) => ownerId === record.id)
  return {
    id: record.id,
    name: record.name,
    experiment: record.experiment.name,
    status: record.status,
    createdBy: record.createdBy,
    startedAt: record.startedAt?.toISOString() ?? null,
    endedAt: record.endedAt?.toISOString() ?? null,
    codeCommit: record.codeCommit,
    params: Object.fromEntries(record.params.map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(record.tags.map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(record.metrics.map(({ key, value }) => [key, metricValue(value)])),
    datasets: record.datasets.map(({ name, digest }) => `${name}@${digest}`),
    artifacts: Object.fromEntries(mine.map(({ path, sha256 }) => [path, sha256])),
  }
}
