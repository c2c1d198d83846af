import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { groupRunRows } from '../run-table/group.ts'
import { countRunRows } from '../run-table/list.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { type SearchRuns, searchRuns } from './runs.ts'

/** More than are probed one by one. */
const RUNS = 1010
const VALUES = [0.5, Number.NaN, -3, Number.POSITIVE_INFINITY, null, 0.5, Number.NEGATIVE_INFINITY, 2]

let database: TestDatabase
let stage: TestStage
let experiments: number[]
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  const first = await addExperiment(stage.project, 'first')
  const second = await addExperiment(stage.project, 'second')
  await addRuns(stage.project, first.id, RUNS)
  await addRuns(stage.project, second.id, 60)
  await addRuns(stage.elsewhere, (await addExperiment(stage.elsewhere, 'first')).id, 30)
  await database.db.execute('analyze run, run_param, run_tag, metric')
  experiments = [first.number]
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

async function addExperiment(project: Project, name: string) {
  const ctx = stage.as('editor')
  const row = { id: ctx.newId('exp'), projectId: project.id, name, createdAt: ctx.now() }
  const [made] = await ctx.db.insert(tables.experiment).values(row).returning()
  if (!made) throw new Error('the experiment was not returned')
  return made
}

/** All with `all` = 'yes', every fifth with `some` = '1' and with the tag `some`, every eleventh deleted. */
async function addRuns({ id: projectId }: Project, experimentId: string, count: number): Promise<void> {
  const { db, newId, now } = stage.as('editor')
  const runs = Array.from({ length: count }, (_, index) => ({ index, id: newId('run') }))
  const base = { projectId, experimentId, status: 'finished', createdAt: now() } as const
  const createdBy = { kind: 'system', id: 'test', label: 'test' } as const
  await db.insert(tables.run).values(
    runs.map(({ index, id }) => ({
      ...{ ...base, id, createdBy, name: `run ${index}` },
      startedAt: new Date(now().getTime() + (index % 90) * 1000),
      deletedAt: index % 11 === 0 ? now() : null,
    })),
  )
  const some = runs.filter(({ index }) => index % 5 === 0)
  const pair = (key: string, value: string) => (run: { id: string }) => ({ projectId, runId: run.id, key, value })
  await db.insert(tables.runParam).values([...runs.map(pair('all', 'yes')), ...some.map(pair('some', '1'))])
  await db.insert(tables.runTag).values(some.map(pair('some', 'x'.repeat(80))))
  const measured = runs.flatMap(({ index, id: runId }) => {
    const lastValue = VALUES[index % VALUES.length]
    return lastValue === null || lastValue === undefined ? [] : [{ runId, lastValue }]
  })
  const point = { projectId, key: 'loss', lastStep: 0n, lastAtMs: 1n, points: 1 }
  await db.insert(tables.metric).values(measured.map((metric) => ({ ...point, ...metric })))
}

/** All that is found, page by page, in order. */
async function walk(ctx: Ctx, input: Omit<SearchRuns, 'limit'>): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await searchRuns(ctx, { ...input, limit: 60, cursor })
    found.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return found
}

const LONG = 'x'.repeat(80)

/** What equals a text leads the search; what is like it, without a wildcard, says the same and never does. */
describe.each([
  ["params.some = '1'", "params.some LIKE '1'", 183],
  [`tags.some = '${LONG}' AND metrics.loss <= 0.5`, `tags.some LIKE '${LONG}' AND metrics.loss <= 0.5`, 92],
  ["params.all = 'yes' AND params.some = '1'", "params.all LIKE 'yes' AND params.some LIKE '1'", 183],
  [
    "params.some = '1' AND params.all = 'yes' AND run_name LIKE '%0'",
    "params.some LIKE '1' AND run_name LIKE '%0'",
    91,
  ],
  [`tags.some = '${LONG.slice(0, 79)}'`, `tags.some LIKE '${LONG.slice(0, 79)}'`, 0],
  ["params.all = 'yes' AND params.none = ''", "params.none LIKE ''", 0],
])('%s', (equal, like, count) => {
  test.each([
    [[]],
    [['metrics.loss DESC']],
    [['metrics.loss ASC', 'run_name DESC']],
    [['params.some', 'tags.none DESC', 'end_time']],
    [['run_id DESC']],
  ])('finds the same however it is answered, ordered by %s', async (orderBy) => {
    const ctx = stage.as('viewer')
    const asked = { project: 'digits', experiments, orderBy }
    const found = await walk(ctx, { ...asked, filter: equal })
    expect(found).toHaveLength(count)
    expect(found).toEqual(await walk(ctx, { ...asked, filter: like }))
  })
})

test('what leads a search is held to its experiments, its view and its project', async () => {
  const ctx = stage.as('viewer')
  const filter = "params.some = '1'"
  const counts = async (asked: Partial<SearchRuns>) => (await walk(ctx, { project: 'digits', filter, ...asked })).length
  expect(await counts({ experiments })).toBe(183)
  expect(await counts({ experiments, view: 'deleted' })).toBe(19)
  expect(await counts({ experiments, view: 'all' })).toBe(202)
  expect(await counts({})).toBe(183 + 10)
  expect(await counts({ experiments: [...experiments, 987_654] })).toBe(183)
  expect(await counts({ experiments: [] })).toBe(0)
  const elsewhere = await walk(stage.stranger, { project: 'digits-b', filter: "params.all = 'yes'" })
  expect(elsewhere).toHaveLength(27)
})

test('an experiment that was not there is found once it is', async () => {
  const { number } = await addExperiment(stage.project, 'third')
  const later = { project: 'digits', experiments: [number + 1], filter: "params.some = '1'" }
  expect(await walk(stage.as('viewer'), later)).toEqual([])
  const made = await addExperiment(stage.project, 'fourth')
  expect(made.number).toBe(number + 1)
  await addRuns(stage.project, made.id, 12)
  expect(await walk(stage.as('viewer'), later)).toHaveLength(2)
})

test('a search that takes too long is the fault of its filter', async () => {
  const ctx = stage.as('viewer')
  const filter = Array(32).fill("run_id LIKE '%'").join(' AND ')
  const asked = { project: 'digits', filter, orderBy: ['run_name'], limit: 10 }
  const given = <T>(ms: number, search: (limited: Ctx) => Promise<T>) =>
    ctx.db.transaction(async (db) => {
      await db.execute(`set local statement_timeout = ${ms}`)
      return search({ ...ctx, db })
    })
  const table = { project: 'digits', filter, shown: 'active' as const }
  const searches: ((limited: Ctx) => Promise<unknown>)[] = [
    (limited: Ctx) => searchRuns(limited, asked),
    (limited: Ctx) => countRunRows(limited, table),
    (limited: Ctx) => groupRunRows(limited, { ...table, by: 'attributes.status' }),
  ]
  for (const search of searches) {
    await expect(given(5, search)).rejects.toMatchObject({ code: 'invalid', field: 'filter' })
  }
  expect((await given(30_000, (limited) => searchRuns(limited, asked))).items).toHaveLength(10)
})
