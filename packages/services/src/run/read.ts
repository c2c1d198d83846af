import type { PageInput, Run, RunStatus, RunSummary } from '@modelyard/contracts'
import { type FoundRun, findRun, listArtifacts, listRuns as listRows, readRunDetails } from '@modelyard/db'
import { isId, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

type Summary = z.output<typeof RunSummary>
type Details = Awaited<ReturnType<typeof readRunDetails>>
export type ListRuns = z.output<typeof PageInput> & {
  project: string
  experiment?: string
  status?: z.output<typeof RunStatus>
}

/** Runs of a project, newest first. */
export async function listRuns(ctx: Ctx, input: ListRuns): Promise<{ items: Summary[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { experiment, status, limit, cursor } = input
  if (cursor !== undefined && !isId('run', cursor)) refuse('invalid', 'the cursor is no run id', { field: 'cursor' })
  const filter = { projectId: project.id, experiment, status, beforeId: cursor }
  const found = await listRows(ctx.db, { ...filter, limit: limit + 1 })
  const page = found.slice(0, limit)
  const details = await readRunDetails(
    ctx.db,
    page.map(({ run }) => run.id),
  )
  const nextCursor = found.length > limit ? (page.at(-1)?.run.id ?? null) : null
  return { items: page.map((row) => summaryOf(row, details)), nextCursor }
}

/** One run with its artifacts and the model version that came of it. */
export async function getRun(ctx: Ctx, input: { project: string; runId: string }): Promise<Run> {
  const { found, projectId } = await runIn(ctx, input)
  const details = await readRunDetails(ctx.db, [found.run.id])
  const artifacts = await listArtifacts(ctx.db, { projectId, ownerId: found.run.id })
  return {
    ...summaryOf(found, details),
    codeCommit: found.run.codeCommit,
    seed: found.run.seed,
    artifacts: artifacts.map(({ id, path, kind, sha256, sizeBytes, mediaType }) => {
      return { id, path, kind, sha256, sizeBytes, mediaType }
    }),
    modelVersionId: details.models.at(-1)?.id ?? null,
  }
}

async function runIn(
  ctx: Ctx,
  input: { project: string; runId: string },
): Promise<{ found: FoundRun; projectId: string }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findRun(ctx.db, { projectId: project.id, id: input.runId })
  if (!found) return refuse('not_found', `there is no run ${input.runId} in ${input.project}`, { field: 'runId' })
  return { found, projectId: project.id }
}

function summaryOf({ run, experiment, jobId }: FoundRun, details: Details): Summary {
  const mine = <T extends { runId: string | null }>(rows: readonly T[]) => rows.filter(({ runId }) => runId === run.id)
  return {
    id: run.id,
    name: run.name,
    experiment,
    status: run.status,
    jobId,
    params: Object.fromEntries(mine(details.params).map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(mine(details.metrics).map(({ key, value }) => [key, finite(value)])),
    datasetVersionId: mine(details.inputs)[0]?.datasetVersionId ?? null,
    createdBy: run.createdBy,
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    createdAt: run.createdAt.toISOString(),
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
