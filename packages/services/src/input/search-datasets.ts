import { type DatasetSummary, listDatasetSummaries } from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

const MAX_SUMMARIES = 1000

/** Which datasets the runs of these experiments read, and as what; at most a thousand. */
export async function searchLoggedDatasets(
  ctx: Ctx,
  input: { project: string; experimentNumbers: readonly number[] },
): Promise<DatasetSummary[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { experimentNumbers } = input
  return listDatasetSummaries(ctx.db, { projectId: project.id, experimentNumbers, limit: MAX_SUMMARIES })
}
