import { type ExperimentRecord, readExperimentRecords, searchExperimentIds } from '@modelyard/db'
import { EXPERIMENTS, parseOrder } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { findPage } from './page.ts'
import type { RunView } from './runs.ts'

export type SearchExperiments = {
  project: string
  filter?: string
  orderBy?: readonly string[]
  view?: RunView
  limit: number
  cursor?: string
}

/**
 * Experiments of a project that a filter holds for, newest first unless an order is given.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchExperiments(
  ctx: Ctx,
  input: SearchExperiments,
): Promise<{ items: ExperimentRecord[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { filter = '', view = 'active', limit, cursor } = input
  const scope = { projectId: project.id, view }
  const { hits, nextCursor } = await findPage(
    ctx,
    { entity: EXPERIMENTS, scope, filter, order: parseOrder(EXPERIMENTS, input.orderBy ?? []) },
    { limit, cursor, find: (search) => searchExperimentIds(ctx.db, scope, search) },
  )
  const ids = hits.map(({ id }) => id)
  return { items: await readExperimentRecords(ctx.db, { projectId: project.id, ids }), nextCursor }
}
