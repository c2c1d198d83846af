import { countRuns, type Hit, searchRunIds } from '@modelyard/db'
import { parseFilter, parseOrder, RUNS } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type RunRecord, readRunRecords } from '../run/record.ts'
import { findPage, type Page } from './page.ts'

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
  /** Runs of a page. A page that grows too large for memory ends earlier, with a cursor. */
  limit: number
  /** The `nextCursor` of the page before, for the same question. */
  cursor?: string
  /** Also count all that match. */
  count?: boolean
}

export type FoundRuns = {
  items: RunRecord[]
  nextCursor: string | null
  /** Null unless `count` was asked for. */
  total: number | null
}

/** Whatever a caller asks for, one page holds no more runs, and no more characters of keys and values (and one run). */
const PAGE_RUNS = 5000
const PAGE_CHARACTERS = 8_000_000
const READ_AT_ONCE = 500

/**
 * Runs of a project that a filter holds for, in an order, page by page. Two statements for up to 500 runs.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchRuns(ctx: Ctx, input: SearchRuns): Promise<FoundRuns> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { filter = '', experiments = null, view = 'active', cursor } = input
  const scope = { projectId: project.id, experiments, view }
  const order = parseOrder(RUNS, input.orderBy ?? [])
  const page = await findPage(
    ctx,
    { entity: RUNS, scope, filter, order },
    { limit: Math.min(input.limit, PAGE_RUNS), cursor, find: (search) => searchRunIds(ctx.db, scope, search) },
  )
  const total = input.count ? await countRuns(ctx.db, scope, { conditions: parseFilter(RUNS, filter) }) : null
  return { ...(await readPage(ctx, { projectId: project.id, page })), total }
}

async function readPage(ctx: Ctx, args: { projectId: string; page: Page }): Promise<Omit<FoundRuns, 'total'>> {
  const { projectId, page } = args
  const items: RunRecord[] = []
  for (let from = 0, characters = 0; from < page.hits.length; from += READ_AT_ONCE) {
    const hits = page.hits.slice(from, from + READ_AT_ONCE)
    for (const record of await readRunRecords(ctx.db, { projectId, ids: hits.map(({ id }) => id) })) {
      characters += weightOf(record)
      if (characters > PAGE_CHARACTERS && items.length > 0) {
        return { items, nextCursor: page.cursorAfter(hitOf(page, items.at(-1))) }
      }
      items.push(record)
    }
  }
  return { items, nextCursor: page.nextCursor }
}

function hitOf({ hits }: Page, last: RunRecord | undefined): Hit | undefined {
  return hits.find(({ id }) => id === last?.id)
}

/** About how many characters a record takes in an answer. */
function weightOf({ params, tags, metrics, datasets }: RunRecord): number {
  const pairs = [...params, ...tags].reduce((sum, { key, value }) => sum + key.length + value.length + 25, 0)
  const inputs = datasets.reduce((sum, { source, schema, profile }) => {
    return sum + source.length + (schema?.length ?? 0) + (profile?.length ?? 0) + 200
  }, 0)
  return 500 + pairs + inputs + metrics.reduce((sum, { key }) => sum + key.length + 90, 0)
}
