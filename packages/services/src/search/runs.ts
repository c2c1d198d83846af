import { countRuns, type Hit, type RunText, readRunTexts, searchRunIds } from '@modelyard/db'
import { parseFilter, parseOrder, RUNS } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type RunRecord, readRunRecords } from '../run/record.ts'
import { inTime } from './in-time.ts'
import { type Packed, packText } from './packed.ts'
import { findPage, type Page } from './page.ts'
import { takingTurns } from './turns.ts'

export type { RunText } from '@modelyard/db'

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
/** Read at once by each of two connections. */
const READ_AT_ONCE = 500

/**
 * Runs of a project that a filter holds for, in an order, page by page.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchRuns(ctx: Ctx, input: SearchRuns): Promise<FoundRuns> {
  const { project, page } = await findRuns(ctx, input)
  const { filter = '', experiments = null, view = 'active' } = input
  const counted = { projectId: project.id, experiments, view }
  const total = input.count ? await inTime(countRuns(ctx.db, counted, { conditions: parseFilter(RUNS, filter) })) : null
  const found = await readPage(page, {
    read: (hits) => readRunRecords(ctx.db, { projectId: project.id, ids: hits.map(({ id }) => id) }),
    weigh: weightOfRecord,
  })
  return { ...found, total }
}

export type FoundText = { id: string; text: Packed }

/**
 * The same with each run as the text that `write` makes of it, packed: what was written of a run and has not changed since
 * is neither read nor written again. All callers of a process write the same.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchRunTexts(
  ctx: Ctx,
  input: Omit<SearchRuns, 'count'>,
  write: (run: RunText) => string,
): Promise<{ items: FoundText[]; nextCursor: string | null }> {
  const { project, page } = await findRuns(ctx, input)
  return readPage(page, {
    read: async (hits) => {
      const texts = new Map<string, Packed>()
      for (const { id, revision } of hits) {
        const kept = ctx.runCache?.get(id, revision)
        if (kept) texts.set(id, kept)
      }
      const ids = hits.map(({ id }) => id).filter((id) => !texts.has(id))
      for (const row of await readRunTexts(ctx.db, { projectId: project.id, ids })) {
        const text = packText(write(row))
        ctx.runCache?.put(row.id, row.revision, text)
        texts.set(row.id, text)
      }
      return hits.flatMap(({ id }) => {
        const text = texts.get(id)
        return text ? [{ id, text }] : []
      })
    },
    weigh: ({ text }) => text.length,
  })
}

async function findRuns(ctx: Ctx, input: SearchRuns): Promise<{ project: Project; page: Page }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { filter = '', experiments = null, view = 'active', cursor } = input
  const scope = { projectId: project.id, experiments, view }
  const order = parseOrder(RUNS, input.orderBy ?? [])
  const page = await findPage(
    ctx,
    { entity: RUNS, scope, filter, order },
    { limit: Math.min(input.limit, PAGE_RUNS), cursor, find: (search) => searchRunIds(ctx.db, scope, search) },
  )
  return { project, page }
}

/** Of pages that take megabytes only two are read at once: more would not be faster, and all would lie in memory. */
const LARGE = 200
const inTurn = takingTurns(2)

type Filled<T> = { items: T[]; nextCursor: string | null }
type Reading<T> = { read: (hits: Hit[]) => Promise<T[]>; weigh: (item: T) => number }

/** What was found, as far as it fits into a page. */
function readPage<T extends { id: string }>(page: Page, reading: Reading<T>): Promise<Filled<T>> {
  return page.hits.length > LARGE ? inTurn(() => fillPage(page, reading)) : fillPage(page, reading)
}

async function fillPage<T extends { id: string }>(page: Page, { read, weigh }: Reading<T>): Promise<Filled<T>> {
  const { hits } = page
  const items: T[] = []
  for (let from = 0, characters = 0; from < hits.length; from += 2 * READ_AT_ONCE) {
    const halves = [hits.slice(from, from + READ_AT_ONCE), hits.slice(from + READ_AT_ONCE, from + 2 * READ_AT_ONCE)]
    for (const item of (await Promise.all(halves.map(read))).flat()) {
      characters += weigh(item)
      if (characters > PAGE_CHARACTERS && items.length > 0) {
        return { items, nextCursor: page.cursorAfter(hits.find(({ id }) => id === items.at(-1)?.id)) }
      }
      items.push(item)
    }
  }
  return { items, nextCursor: page.nextCursor }
}

/** About how many characters a record takes in an answer. */
function weightOfRecord({ params, tags, metrics, datasets }: RunRecord): number {
  const pairs = [...params, ...tags].reduce((sum, { key, value }) => sum + key.length + value.length + 25, 0)
  return 500 + pairs + weightOfDatasets(datasets) + metrics.reduce((sum, { key }) => sum + key.length + 90, 0)
}

function weightOfDatasets(datasets: RunRecord['datasets']): number {
  return datasets.reduce((sum, { source, schema, profile }) => {
    return sum + source.length + (schema?.length ?? 0) + (profile?.length ?? 0) + 200
  }, 0)
}
