import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

export type RunView = 'active' | 'deleted' | 'all'

export type SearchRuns = {
  project: string
  /** Experiments by their number; without the field, all of the project. Unknown ones hold no runs. */
  experiments?: readonly number[]
  /** MLflow's filter language; docs/search.md. */
  filter?: string
  /** Items such as `metrics.loss ASC`. */
  orderBy?: readonly string[]
  view?: RunView
  /** Runs of a page, at most 50,000; a page that grows too large for memory ends earlier, with a cursor. */
  limit: number
  /** The `nextCursor` of the page before, for the same question. */
  cursor?: string
  /** Also count all that match, which reads them all. */
  count?: boolean
}

export type FoundRuns = {
  /** `RunRecord`s of run/record.ts once it stands; ids until then. */
  items: { id: string }[]
  nextCursor: string | null
  /** Null unless `count` was asked for. */
  total: number | null
}

/**
 * Runs of a project that a filter holds for, in an order, page by page.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchRuns(ctx: Ctx, input: SearchRuns): Promise<FoundRuns> {
  await inProject(ctx, input.project, 'project.read')
  return { items: [], nextCursor: null, total: null }
}
