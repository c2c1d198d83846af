import type { ComparedRun, CompareRuns } from '@modelyard/contracts'
import { listOwnedFiles } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type RunRecord, readRunRecords } from '../run/record.ts'
import { metricValue } from './row.ts'

/** Everything in which the named runs may differ, in the order they were named. @throws Refusal `not_found` for a foreign id. */
export async function compareRuns(ctx: Ctx, input: z.output<typeof CompareRuns>): Promise<ComparedRun[]> {
  const { records, projectId } = await runsNamed(ctx, input)
  const files = await listOwnedFiles(ctx.db, { projectId, ownerIds: records.map(({ id }) => id) })
  return records.map((record) => comparedOf(record, files))
}

/** Runs of a project by their ids, each once, in that order. @throws Refusal `not_found` when the project lacks one */
export async function runsNamed(
  ctx: Ctx,
  input: { project: string; runIds: readonly string[] },
): Promise<{ records: RunRecord[]; projectId: string }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const ids = [...new Set(input.runIds)]
  const records = await readRunRecords(ctx.db, { projectId: project.id, ids })
  const missing = ids.find((id) => !records.some((record) => record.id === id))
  if (missing !== undefined) refuse('not_found', `there is no run ${missing} in ${input.project}`, { field: 'runIds' })
  return { records, projectId: project.id }
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
