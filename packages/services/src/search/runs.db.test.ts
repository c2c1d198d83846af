import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestStage, testStage } from '../testing/context.ts'
import { runSeeder } from '../testing/runs.ts'
import { type SearchRuns, searchRuns } from './runs.ts'

let database: TestDatabase
let stage: TestStage
let seed: ReturnType<typeof runSeeder>
const ids: Record<string, string> = {}
const START = Date.parse('2026-03-01T00:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  seed = runSeeder(stage)
  const at = (hours: number) => new Date(START + hours * 3_600_000)
  const rows: Parameters<typeof seed.addRun>[0][] = [
    {
      name: 'a',
      startedAt: at(1),
      endedAt: at(2),
      metrics: { loss: 0.5, 'val loss': 1 },
      params: { lr: '0.1', opt: 'Adam' },
    },
    { name: 'b', startedAt: at(2), metrics: { loss: Number.NaN }, params: { lr: '0.01' }, tags: { team: 'vision' } },
    { name: 'c', startedAt: at(3), metrics: { loss: -3 }, tags: { team: 'Vision', 'mlflow.parentRunId': 'p' } },
    { name: 'd', startedAt: at(4), metrics: { loss: Number.POSITIVE_INFINITY }, params: { opt: 'adamw_50%' } },
    { name: 'e', startedAt: at(4), status: 'running', params: { lr: '' }, userName: 'ada' },
    { name: 'f', startedAt: null, status: 'scheduled', metrics: { loss: Number.NEGATIVE_INFINITY } },
    { name: 'other', experiment: 'second', startedAt: at(9), metrics: { loss: 7 } },
    { name: 'gone', startedAt: at(8), deletedAt: at(9), metrics: { loss: 8 } },
  ]
  for (const row of rows) ids[row.name] = await seed.addRun(row)
  await seed.addDataset(ids.a ?? '', { name: 'digits', digest: 'd1', context: 'train' })
  await seed.addDataset(ids.a ?? '', { name: 'letters', digest: 'l1', context: 'eval' })
  await seed.addDataset(ids.c ?? '', { name: 'digits', digest: 'd2', context: 'eval' })
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const first = async () => [(await seed.experimentNamed('first')).number]
const search = async (input: Partial<SearchRuns>) =>
  searchRuns(stage.as('viewer'), { project: 'digits', experiments: await first(), limit: 100, ...input })
/** Names of what is found, in order, as one word. */
const found = async (input: Partial<SearchRuns>) => (await search(input)).items.map(({ name }) => name).join('')
const sorted = (word: string) => [...word].sort().join('')

describe('a filter holds for', () => {
  test.each([
    ['', 'abcdef'],
    ['metrics.loss > 0', 'ad'],
    ['metrics.loss >= 0.5', 'ad'],
    ['metrics.loss < 0.5', 'cf'],
    ['metrics.loss <= 0.5', 'acf'],
    ['metrics.loss = 0.5', 'a'],
    ['metrics.loss = 0', ''],
    ['metrics.loss != 0.5', 'bcdf'],
    ['metrics.`val loss` = 1', 'a'],
    ["params.lr = '0.1'", 'a'],
    ["params.lr != '0.1'", 'be'],
    ["params.lr = ''", 'e'],
    ["params.lr LIKE '0.%'", 'ab'],
    ["params.opt LIKE 'Adam'", 'a'],
    ["params.opt LIKE 'adam%'", 'd'],
    ["params.opt ILIKE 'ADAM%'", 'ad'],
    ["params.opt LIKE '%\\'", ''],
    ["params.opt LIKE '%_0_'", 'd'],
    ['params.lr IS NULL', 'cdf'],
    ['params.lr IS NOT NULL AND params.opt IS NULL', 'be'],
    ["tags.team = 'vision'", 'b'],
    ["tags.team != 'vision'", 'c'],
    ["tags.team ILIKE 'VISION'", 'bc'],
    ["tags.mlflow.parentRunId = 'p'", 'c'],
    ["tags.mlflow.runName = 'd'", 'd'],
    ["tags.`mlflow.runName` LIKE '_'", 'abcdef'],
    ["run_name != 'a'", 'bcdef'],
    ["status = 'FINISHED'", 'abcd'],
    ["status = 'running'", ''],
    ["status = 'RUNNING'", 'e'],
    ["status LIKE 'S%'", 'f'],
    ["user_id = 'ada'", 'e'],
    [`start_time = ${START + 3_600_000}`, 'a'],
    [`start_time > ${START + 3 * 3_600_000}`, 'def'],
    [`end_time <= ${START + 2 * 3_600_000}`, 'a'],
    ['end_time != 1', 'a'],
    ["datasets.name = 'digits'", 'ac'],
    ["datasets.name = 'digits' AND datasets.context = 'eval'", 'ac'],
    ["datasets.name != 'digits'", 'a'],
    ["datasets.digest IN ('d2', 'x')", 'c'],
    ["datasets.context NOT IN ('eval')", 'a'],
    ["datasets.name ILIKE 'DIG%'", 'ac'],
    ["metrics.loss > -10 AND params.lr LIKE '%' AND datasets.name = 'letters'", 'a'],
  ])('%s', async (filter, names) => {
    expect(sorted(await found({ filter }))).toBe(names)
  })

  test('a run by what clients call it, by our id, and by patterns of it', async () => {
    const hex = hexOfId(ids.c ?? '')
    expect(await found({ filter: `run_id = '${hex}'` })).toBe('c')
    expect(await found({ filter: `run_id = '${ids.c}'` })).toBe('c')
    expect(await found({ filter: `run_id IN ('${hex}', '${hexOfId(ids.a ?? '')}', 'x')` })).toBe('ca')
    expect(sorted(await found({ filter: `run_id NOT IN ('${hex}')` }))).toBe('abdef')
    expect(sorted(await found({ filter: "run_id != 'nonsense'" }))).toBe('abcdef')
    expect(await found({ filter: `run_id LIKE '%${hex.slice(20)}'` })).toBe('c')
    expect(await found({ filter: `artifact_uri LIKE 'mlflow-artifacts:/%/${hex}/artifacts'` })).toBe('c')
    expect(await found({ filter: `artifact_uri = 'mlflow-artifacts:/${(await first())[0]}/${hex}/artifacts'` })).toBe(
      'c',
    )
  })

  test('experiments and views', async () => {
    const { number } = await seed.experimentNamed('second')
    expect(await found({ experiments: [number] })).toBe('other')
    expect(await found({ experiments: [], filter: '' })).toBe('')
    expect(await found({ experiments: [999_999] })).toBe('')
    expect(await found({ experiments: [number, 999_999, ...(await first())], filter: 'metrics.loss >= 7' })).toBe(
      'otherd',
    )
    expect(await found({ view: 'deleted' })).toBe('gone')
    expect(await found({ view: 'all', filter: 'metrics.loss >= 7', experiments: undefined })).toMatch(
      /^fother|^othergoned$/,
    )
    await expect(searchRuns(stage.stranger, { project: 'digits', limit: 1 })).rejects.toMatchObject({
      code: 'not_found',
    })
    const elsewhere = { project: stage.elsewhere.slug, limit: 10 }
    expect((await searchRuns(stage.stranger, elsewhere)).items).toEqual([])
  })
})

const ORDERS: [orderBy: string[], names: string][] = [
  [[], 'fdecba'],
  [['start_time ASC'], 'abcdef'],
  [['metrics.loss ASC'], 'fcadbe'],
  [['metrics.loss DESC'], 'dacfbe'],
  [['params.lr'], 'ebafdc'],
  [['params.lr DESC'], 'abefdc'],
  [['tags.team'], 'cbfdea'],
  [['attributes.end_time DESC'], 'afdecb'],
  [['status', 'run_name DESC'], 'dcbaef'],
  [['tags.mlflow.runName DESC'], 'fedcba'],
  [['metrics.none', 'params.opt DESC'], 'dafecb'],
  [['run_id DESC'], 'fedcba'],
]

describe('the order is', () => {
  test.each(ORDERS)('%j', async (orderBy, names) => {
    expect(await found({ orderBy })).toBe(names)
  })

  test.each(ORDERS)('%j, page by page', async (orderBy, names) => {
    for (const limit of [1, 2, 4]) {
      let walked = ''
      let cursor: string | undefined
      do {
        const page = await search({ orderBy, limit, cursor })
        walked += page.items.map(({ name }) => name).join('')
        cursor = page.nextCursor ?? undefined
        expect(page.items.length).toBeLessThanOrEqual(limit)
      } while (cursor !== undefined)
      expect(walked).toBe(names)
    }
  })
})

test('all that match are counted when asked', async () => {
  expect(await search({ filter: 'metrics.loss > -10', limit: 1, count: true })).toMatchObject({ total: 3 })
  expect((await search({ limit: 1 })).total).toBeNull()
})

test('a cursor holds for its question only, and what somebody made up is refused', async () => {
  const { nextCursor } = await search({ orderBy: ['metrics.loss'], limit: 1 })
  const cursor = nextCursor ?? ''
  const wrong: Partial<SearchRuns>[] = [
    { cursor },
    { cursor, orderBy: ['metrics.loss DESC'] },
    { cursor, orderBy: ['metrics.loss'], filter: 'metrics.loss > 0' },
    { cursor, orderBy: ['metrics.loss'], view: 'all' },
    { cursor, orderBy: ['metrics.loss'], experiments: [999] },
  ]
  for (const input of wrong) {
    await expect(search(input)).rejects.toMatchObject({ code: 'invalid', field: 'page_token' })
  }
  const [digest] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[]
  const forged = [
    ['x', null],
    [digest, 'x', 'y', 'z'],
    [digest, '1e999', 'yesterday', 'x'],
    [digest, '1'],
    [1],
    {},
    'x',
  ]
  for (const token of [
    ...forged.map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')),
    '%',
    '!!',
    'bm8',
  ]) {
    const asked = search({ cursor: token, orderBy: ['metrics.loss'] })
    await expect(asked, token).rejects.toMatchObject({ code: 'invalid', field: 'page_token' })
  }
})

test('what comes in between two pages neither repeats nor hides what stood', async () => {
  const experiment = 'busy'
  const stood = new Set<string>()
  for (let index = 0; index < 20; index++) {
    stood.add(await seed.addRun({ name: `s${index}`, experiment, metrics: { loss: index % 5 } }))
  }
  const { number } = await seed.experimentNamed(experiment)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await search({ experiments: [number], orderBy: ['metrics.loss'], limit: 3, cursor })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
    for (const loss of [-1, 2, 9]) await seed.addRun({ name: 'new', experiment, metrics: { loss } })
    if (seen.length > 200) break
  } while (cursor !== undefined && seen.length < 60)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter((id) => stood.has(id))).toHaveLength(20)
})

test('no key and no value is anything but a key and a value', async () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      "'; drop table run; --",
      '$1',
      '%',
      '_',
      '\\',
      '"',
      "''",
      ')) or 1=1 --',
      '::text',
      '\u0000x',
      '/*',
      '$$',
      '{}',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  let made = 0
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (rawKey, rawValue) => {
      const key = rawKey.toWellFormed().replaceAll(/[`\0]/g, '') || 'k'
      const value = rawValue.toWellFormed().replaceAll(/['\0]/g, '')
      const name = `h${made++}`
      const id = await seed.addRun({ name, experiment: 'hostile', tags: { [key]: value }, params: { [key]: value } })
      const { number } = await seed.experimentNamed('hostile')
      const filter = `tags.\`${key}\` = '${value}' AND params.\`${key}\` = '${value}' AND run_name = '${name}'`
      const page = await search({
        experiments: [number],
        filter,
        orderBy: key.includes('"') ? [] : [`tags.\`${key}\``],
      })
      expect(page.items.map((run) => run.id)).toEqual([id])
      const none = await search({ experiments: [number], filter: `${filter} AND tags.\`${key}\` != '${value}'` })
      expect(none.items).toEqual([])
    }),
    { numRuns: 60 },
  )
  expect(sorted(await found({}))).toBe('abcdef')
})
