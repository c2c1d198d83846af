import type { Job, JobSummary, PageInput } from '@modelyard/contracts'
import { findJob, listAttempts, listJobRows } from '@modelyard/db'
import { isId, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { jobSummary, jobView } from './view.ts'

type Page = z.output<typeof PageInput> & { project: string }

/** Newest first; a queued job says why it waits. The cursor is the id that the last page ended with. */
export async function listJobs(
  ctx: Ctx,
  input: Page,
): Promise<{ items: z.output<typeof JobSummary>[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  if (input.cursor !== undefined && !isId('job', input.cursor))
    refuse('invalid', 'the cursor is no job id', { field: 'cursor' })
  const rows = await listJobRows(ctx.db, { projectId: project.id, limit: input.limit + 1, beforeId: input.cursor })
  const items = rows.slice(0, input.limit).map(jobSummary)
  return { items, nextCursor: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null }
}

/** One job with all its attempts. */
export async function getJob(ctx: Ctx, input: { project: string; jobId: string }): Promise<Job> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const row = await findJob(ctx.db, { projectId: project.id, id: input.jobId })
  if (!row) return refuse('not_found', `there is no job ${input.jobId} in ${input.project}`, { field: 'jobId' })
  return jobView(row, await listAttempts(ctx.db, row.id))
}
