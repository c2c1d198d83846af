import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { runSeeder } from '@modelyard/services/testing/runs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

const API = '/api/2.0/mlflow'

let database: TestDatabase
let stage: TestStage
let send: Wire
let seed: ReturnType<typeof runSeeder>
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  send = wireOf(stage.as('viewer'), 'digits')
  seed = runSeeder(stage)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

type Json = Record<string, unknown>
type Found = { next_page_token?: string } & Record<string, { name?: string; info?: Json }[] | undefined>

async function get(path: string, query: Record<string, string | number | string[]>): Promise<Found> {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) asked.append(name, String(one))
  const answer = await send('GET', `${API}/${path}?${asked}`)
  expect(answer.status, answer.bytes.toString()).toBe(200)
  return answer.json as Found
}

async function post(path: string, body: object): Promise<Found> {
  const answer = await send('POST', `${API}/${path}`, { body })
  expect(answer.status, answer.bytes.toString()).toBe(200)
  return answer.json as Found
}

const names = (items: { name?: string; info?: Json }[] | undefined, key = 'name') =>
  (items ?? []).map((item) => item[key as 'name'] ?? item.info?.[key])

/** All of a search in pages of that size. */
async function walk(page: (token: string | undefined) => Promise<Found>, noun: string): Promise<unknown[]> {
  const all: unknown[] = []
  let token: string | undefined
  do {
    const found = await page(token)
    all.push(...names(found[noun]))
    token = found.next_page_token
  } while (token !== undefined)
  return all
}

test('runs/search answers whole runs, page by page, and nothing where nothing is', async () => {
  const runId = await seed.addRun({
    name: 'one',
    metrics: { loss: Number.NaN, acc: 0.5 },
    params: { lr: '0.1' },
    tags: { team: 'a' },
  })
  await seed.addRun({ name: 'two', metrics: { acc: 0.75 } })
  const { number } = await seed.experimentNamed('first')
  const body = { experiment_ids: [String(number)], order_by: ['metrics.acc ASC'], max_results: 1 }
  const first = await post('runs/search', body)
  expect(first.runs).toMatchObject([
    {
      info: { run_id: hexOfId(runId), run_uuid: hexOfId(runId), status: 'FINISHED', lifecycle_stage: 'active' },
      data: {
        metrics: [
          { key: 'acc', value: 0.5, timestamp: 1, step: 0 },
          { key: 'loss', value: 'NaN' },
        ],
        params: [{ key: 'lr', value: '0.1' }],
        tags: [
          { key: 'team', value: 'a' },
          { key: 'mlflow.runName', value: 'one' },
        ],
      },
    },
  ])
  const second = await post('runs/search', { ...body, page_token: first.next_page_token })
  expect(names(second.runs, 'run_name')).toEqual(['two'])
  expect(second.next_page_token).toBeUndefined()
  for (const nothing of [
    {},
    { experiment_ids: ['987654'] },
    { experiment_ids: [number], run_view_type: 'DELETED_ONLY' },
  ]) {
    expect(await post('runs/search', nothing)).toEqual({})
  }
  expect(await post('runs/search', { experiment_ids: ['9223372036854775807'] })).toEqual({})
})

test('a run is the same in a search as by itself, whatever it holds', async () => {
  const hostile = { 'a "b"': 'line\nbreak \\ \u0001 \u2028 é 😀', ключ: '</script>', empty: '' }
  const runId = await seed.addRun({
    name: 'odd "name"',
    experiment: 'odd',
    metrics: {
      nan: Number.NaN,
      up: Number.POSITIVE_INFINITY,
      down: Number.NEGATIVE_INFINITY,
      tiny: 5e-324,
      big: 1.5e300,
      zero: -0,
    },
    params: hostile,
    tags: hostile,
    endedAt: new Date('2026-03-01T00:00:00.123Z'),
  })
  await seed.addRun({ name: 'bare', experiment: 'odd', startedAt: null, status: 'scheduled' })
  await seed.addDataset(runId, { name: 'd', digest: '1', context: 'train' })
  const { number } = await seed.experimentNamed('odd')
  const { runs } = await post('runs/search', { experiment_ids: [number] })
  expect(runs).toHaveLength(2)
  for (const run of runs ?? []) {
    const alone = await get('runs/get', { run_id: String(run.info?.run_id) })
    expect(run).toEqual(alone.run)
  }
})

test('what is wrong with a search of runs is a 400 that names the field and the place', async () => {
  const wrong: [body: object, message: RegExp][] = [
    [{ filter: 'metrics.a >' }, /filter, character 12/],
    [{ filter: ' ' }, /filter, character 2/],
    [{ order_by: ['metrics.a', 'metrics.a'] }, /order_by, item 2/],
    [{ order_by: ['nope'] }, /order_by, item 1/],
    [{ order_by: Array.from({ length: 1000 }, (_, index) => `metrics.m${index}`) }, /at most 16/],
    [{ max_results: 50_001 }, /max_results/],
    [{ max_results: 0 }, /max_results/],
    [{ experiment_ids: ['x'] }, /experiment_ids/],
    [{ run_view_type: 'SOME' }, /run_view_type/],
    [{ page_token: 'eyJvZmZzZXQiOjF9' }, /page token/],
    [{ filter: 5 }, /filter/],
  ]
  for (const [body, message] of wrong) {
    const answer = await send('POST', `${API}/runs/search`, { body })
    expect(answer.status, JSON.stringify(body).slice(0, 80)).toBe(400)
    expect(answer.json).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringMatching(message),
    })
  }
})

test('experiments/search by GET and POST', async () => {
  for (const name of ['exp-a', 'exp-b', 'exp-c']) await seed.experimentNamed(name)
  const filter = "name LIKE 'exp-%'"
  expect(names((await get('experiments/search', { max_results: 10, filter })).experiments)).toEqual([
    'exp-c',
    'exp-b',
    'exp-a',
  ])
  const body = { max_results: 2, filter, order_by: ['name ASC'] }
  const first = await post('experiments/search', body)
  expect(names(first.experiments)).toEqual(['exp-a', 'exp-b'])
  const second = await post('experiments/search', { ...body, page_token: first.next_page_token })
  expect(names(second.experiments)).toEqual(['exp-c'])
  const all = await get('experiments/search', { max_results: 1000, view_type: 'ALL' })
  expect(names(all.experiments)).toContain('Default')
  for (const max of [{}, { max_results: 0 }]) {
    expect((await send('POST', `${API}/experiments/search`, { body: max })).status).toBe(400)
  }
})

test('registered models without prompts, tags joined by AND, 29 names by pages of 1, 8 and 100', async () => {
  const { db, newId, now } = stage.as('editor')
  const made: string[] = []
  for (let index = 0; index < 29; index++) {
    const row = { id: newId('mdl'), projectId: stage.project.id, name: `model-${String(index).padStart(2, '0')}` }
    await db.insert(tables.model).values({ ...row, createdAt: now(), updatedAt: now() })
    const tag = { modelId: row.id, projectId: row.projectId }
    if (index % 2 === 0) await db.insert(tables.modelTag).values({ ...tag, key: 'even', value: 'yes' })
    if (index % 3 === 0) await db.insert(tables.modelTag).values({ ...tag, key: 'three', value: 'yes' })
    made.push(row.name)
  }
  const prompt = { id: newId('mdl'), projectId: stage.project.id, name: 'a-prompt', createdAt: now(), updatedAt: now() }
  await db.insert(tables.model).values(prompt)
  const isPrompt = { modelId: prompt.id, projectId: prompt.projectId, key: 'mlflow.prompt.is_prompt', value: 'true' }
  await db.insert(tables.modelTag).values(isPrompt)
  for (const max_results of [1, 8, 100]) {
    const page = (token: string | undefined) =>
      get('registered-models/search', { max_results, ...(token === undefined ? {} : { page_token: token }) })
    expect(await walk(page, 'registered_models')).toEqual(made)
  }
  const found = async (filter: string, order_by: string[] = []) =>
    names((await get('registered-models/search', { filter, order_by })).registered_models)
  expect(await found("tag.`mlflow.prompt.is_prompt` != 'true'")).toEqual(made)
  expect(await found("tag.`mlflow.prompt.is_prompt` = 'true'")).toEqual(['a-prompt'])
  expect(await found("tags.even = 'yes' AND tags.three = 'yes'", ['name DESC'])).toEqual(
    ['24', '18', '12', '06', '00'].map((n) => `model-${n}`),
  )
  expect(await found("name ILIKE 'MODEL-0%' AND tags.even != 'no'")).toHaveLength(5)
  const refused = await send(
    'GET',
    `${API}/registered-models/search?${new URLSearchParams({ order_by: 'creation_timestamp' })}`,
  )
  expect(refused.status).toBe(400)
})

test('model versions by name, number, run and source', async () => {
  const { db, newId, now } = stage.as('editor')
  const model = { id: newId('mdl'), projectId: stage.project.id, name: 'net', createdAt: now(), updatedAt: now() }
  await db.insert(tables.model).values(model)
  const runId = newId('run')
  for (const version of [1, 2, 10]) {
    await db.insert(tables.modelVersion).values({
      id: newId('mv'),
      projectId: stage.project.id,
      modelId: model.id,
      version,
      stage: 'candidate',
      format: 'opaque',
      source: `runs:/x/${version}`,
      sha256: '0'.repeat(64),
      sizeBytes: 1,
      signature: {},
      classes: [],
      runId: version === 2 ? runId : null,
      codeCommit: '',
      gates: [],
      gatesPassed: true,
      createdBy: { kind: 'system', id: 'test', label: 'test' },
      createdAt: now(),
      updatedAt: new Date(now().getTime() + version),
    })
  }
  const found = async (filter: string, order_by: string[] = []) =>
    ((await get('model-versions/search', { filter, order_by })).model_versions ?? []).map(
      (one) => (one as Json).version,
    )
  expect(await found("name = 'net'")).toEqual(['10', '2', '1'])
  expect(await found("name = 'net'", ['version_number ASC'])).toEqual(['1', '2', '10'])
  expect(await found("name IN ('net', 'x') AND version_number >= 2", ['creation_timestamp'])).toEqual(['10', '2'])
  expect(await found(`run_id IN ('${hexOfId(runId)}')`)).toEqual(['2'])
  expect(await found("source_path LIKE 'runs:/x/1%'")).toEqual(['10', '1'])
  expect(await found("name = 'net' AND tags.`mlflow.prompt.is_prompt` = 'true'")).toEqual([])
})

test('logged models by attribute, metric on a dataset, and order of a metric', async () => {
  const { db, newId, now } = stage.as('editor')
  const experiment = await seed.experimentNamed('logged')
  const base = { projectId: stage.project.id, experimentId: experiment.id, status: 'ready' as const }
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  const points: [name: string, value: number, atMs: bigint, datasetName: string, datasetDigest: string][] = [
    ['a', 0.9, 1n, 'val', '1'],
    ['a', 0.5, 2n, 'val', '1'],
    ['b', 0.7, 1n, 'val', '2'],
    ['b', 0.1, 3n, 'test', '1'],
  ]
  const ids = new Map<string, string>()
  for (const name of ['a', 'b', 'c']) {
    const id = newId('lm')
    ids.set(name, id)
    await db.insert(tables.loggedModel).values({ ...base, id, name, createdBy: by, createdAt: now(), updatedAt: now() })
  }
  for (const [name, value, atMs, datasetName, datasetDigest] of points) {
    const of = {
      loggedModelId: ids.get(name) ?? '',
      projectId: stage.project.id,
      key: 'acc',
      step: 0n,
      runId: newId('run'),
    }
    await db.insert(tables.loggedModelMetric).values({ ...of, value, atMs, datasetName, datasetDigest })
  }
  const found = async (more: object) =>
    names((await post('logged-models/search', { experiment_ids: [String(experiment.number)], ...more })).models).join(
      '',
    )
  expect(await found({})).toBe('abc')
  // Any value that was logged counts, not only the newest.
  expect(await found({ filter: 'metrics.acc > 0.8' })).toBe('a')
  expect(await found({ filter: 'metrics.acc < 0.2', datasets: [{ dataset_name: 'val' }] })).toBe('')
  expect(await found({ datasets: [{ dataset_name: 'val', dataset_digest: '2' }] })).toBe('b')
  expect(await found({ order_by: [{ field_name: 'metrics.acc', ascending: false }] })).toBe('abc')
  const onVal = { field_name: 'metrics.acc', ascending: false, dataset_name: 'val' }
  expect(await found({ order_by: [onVal] })).toBe('bac')
  expect(await found({ order_by: [{ field_name: 'name', ascending: false }], max_results: 2 })).toBe('cb')
  expect(await found({ filter: `model_id = 'm-${hexOfId(ids.get('b') ?? '')}'` })).toBe('b')
  expect(await found({ filter: "status = 'LOGGED_MODEL_READY' AND name IN ('a', 'c')" })).toBe('ac')
  const wrong = [
    {},
    { experiment_ids: ['1'], order_by: [{ field_name: 'params.a' }] },
    { experiment_ids: ['1'], order_by: [{ field_name: 'acc' }] },
  ]
  for (const body of wrong) expect((await send('POST', `${API}/logged-models/search`, { body })).status).toBe(400)
})
