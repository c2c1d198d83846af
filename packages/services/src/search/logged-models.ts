import { type MeasuredOn, searchLoggedModelIds } from '@modelyard/db'
import { LOGGED_MODELS, type Order, withTies } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type LoggedModelRecord, readLoggedModels } from '../logged-model/record.ts'
import { findPage } from './page.ts'

export type SearchLoggedModels = {
  project: string
  /** Experiments by their number. */
  experiments: readonly number[]
  filter?: string
  /** Metrics count only where they were measured on one of these, and models without any are not found. */
  datasets?: readonly MeasuredOn[]
  order?: readonly Order[]
  limit: number
  cursor?: string
}

/**
 * Logged models of experiments, newest first unless an order is given.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchLoggedModels(
  ctx: Ctx,
  input: SearchLoggedModels,
): Promise<{ items: LoggedModelRecord[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { filter = '', experiments, datasets = [], limit, cursor } = input
  const scope = { projectId: project.id, experiments, datasets }
  const { hits, nextCursor } = await findPage(
    ctx,
    { entity: LOGGED_MODELS, scope, filter, order: withTies(LOGGED_MODELS, input.order ?? []) },
    { limit, cursor, find: (search) => searchLoggedModelIds(ctx.db, scope, search) },
  )
  const ids = hits.map(({ id }) => id)
  return { items: await readLoggedModels(ctx.db, { projectId: project.id, ids }), nextCursor }
}
