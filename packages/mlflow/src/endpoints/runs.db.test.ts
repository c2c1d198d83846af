import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { watchStatements } from '@modelyard/db/testing/statements'
import { createApiKey, enterProject } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMlflowHandler } from '../handler.ts'
import { type Wire, type WireAnswer, wireOf, wireTo } from '../testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let send: Wire
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  send = wireOf(stage.as('editor'), 'digits')
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(async () => {
  runId = (await post('runs/create', { experiment_id: '0' })).at('run.info.run_id')
})

const post = (path: string, body: object | string) => send('POST', `/api/2.0/mlflow/${path}`, { body })
const get = (path: string) => send('GET', `/api/2.0/mlflow/${path}`)
const read = async () => (await get(`runs/get?run_id=${runId}`)).json as { run: Record<string, unknown> }
const logBatch = (batch: object) => post('runs/log-batch', { run_id: runId, ...batch })
const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => ({ key: `${prefix}${index}`, value: '1', timestamp: 1 }))
const code = ({ status, at }: WireAnswer) => [status, at('error_code')]
const INVALID = [400, 'INVALID_PARAMETER_VALUE']
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST']

test('a run is made as clients expect it', async () => {
  const tags = [{ key: 'mlflow.user', value: 'ada' }]
  const { status, json } = await post('runs/create', {
    experiment_id: 0,
    user_id: 'ada',
    start_time: '1795222179218',
    tags,
  })
  expect(status).toBe(200)
  const hex = expect.stringMatching(/^[0-9a-f]{32}$/)
  const name = expect.stringMatching(/^[a-z]+-[a-z]+-\d{1,3}$/)
  expect(json).toEqual({
    run: {
      info: {
        run_uuid: hex,
        run_id: hex,
        experiment_id: '0',
        run_name: name,
        user_id: 'ada',
        status: 'RUNNING',
        start_time: 1795222179218,
        artifact_uri: expect.stringMatching(/^mlflow-artifacts:\/0\/[0-9a-f]{32}\/artifacts$/),
        lifecycle_stage: 'active',
      },
      data: { tags: [...tags, { key: 'mlflow.runName', value: name }] },
      inputs: {},
    },
  })
})

test('a run starts now where nothing else is said, and in Default where no experiment is', async () => {
  const made = await post('runs/create', { run_name: 'mine', tags: [{ key: 'mlflow.parentRunId', value: runId }] })
  expect(made.at('run.info.start_time')).toBe(String(stage.clock.now().getTime()))
  expect([made.at('run.info.experiment_id'), made.at('run.info.run_name')]).toEqual(['0', 'mine'])
  expect(made.at('run.data.tags.0.value')).toBe(runId)
})

test('a run begins with tags of any key, which setting one later does not take', async () => {
  const tags = [{ key: 'team@site;1', value: 'a' }]
  expect((await post('runs/create', { tags })).at('run.data.tags.0.key')).toBe(tags[0]?.key)
  expect(code(await post('runs/set-tag', { run_id: runId, ...tags[0] }))).toEqual(INVALID)
})

test('what can be no run is none, however long it is', async () => {
  const answer = await post('runs/update', { run_id: 'x'.repeat(100_000) })
  expect([code(answer), String(answer.at('message')).length < 200]).toEqual([MISSING, true])
})

test('the last instant of all is kept', async () => {
  const made = await post('runs/create', { start_time: 253_402_300_799_999 })
  expect(made.at('run.info.start_time')).toBe('253402300799999')
})

test.each([
  [{ experiment_id: '77777' }, MISSING],
  [{ experiment_id: 'x' }, INVALID],
  [{ experiment_id: '0', run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] }, INVALID],
  [{ experiment_id: '0', start_time: '9007199254740993' }, INVALID],
  [{ experiment_id: '0', start_time: -1 }, INVALID],
  [{ experiment_id: '0', start_time: 253_402_300_800_000 }, INVALID],
  [{ experiment_id: '0', tags: [{ key: 'a\u0000b', value: '' }] }, INVALID],
])('a run with %o is refused', async (body, expected) => {
  expect(code(await post('runs/create', body))).toEqual(expected)
})

test('a run is moved by name or number of the status; run_uuid names it too', async () => {
  for (const [status, said] of [
    ['FINISHED', 'FINISHED'],
    [4, 'FAILED'],
    [5, 'KILLED'],
  ]) {
    const { json } = await post('runs/update', { run_uuid: runId, status, end_time: 1795222187249 })
    expect(json).toMatchObject({ run_info: { run_id: runId, status: said, end_time: 1795222187249 } })
  }
  const renamed = await post('runs/update', { run_id: runId, run_name: 'other', end_time: null })
  expect(renamed.json).toMatchObject({ run_info: { run_name: 'other', status: 'KILLED' } })
  expect(code(await post('runs/update', { run_id: runId, status: 'BOGUS' }))).toEqual(INVALID)
  expect((await get(`runs/get?run_uuid=${runId}`)).at('run.info.run_name')).toBe('other')
  await post('runs/set-tag', { run_id: runId, key: 'mlflow.runName', value: 'by tag' })
  expect((await get(`runs/get?run_id=${runId}`)).at('run.info.run_name')).toBe('by tag')
})

test('a whole batch, values beyond doubles and beyond numbers among it, and all of it again', async () => {
  const batch = {
    metrics: [
      { key: 'a/b c', value: 'NaN', timestamp: 9007199254740993n, step: 9007199254740993n },
      { key: 'up', value: 'Infinity', timestamp: 1, step: -3 },
      { key: 'dn', value: '-Infinity', timestamp: '2', step: '7' },
      { key: 'größe', value: 0.1, timestamp: 3 },
    ],
    params: [{ key: 'p', value: '' }],
    tags: [{ key: 't', value: 'x' }],
  }
  for (const _ of [1, 2]) expect(await logBatch(batch)).toMatchObject({ status: 200, json: {} })
  const { run } = await read()
  expect(run.data).toMatchObject({
    metrics: [
      { key: 'a/b c', value: 'NaN', timestamp: 9007199254740993n, step: 9007199254740993n },
      { key: 'dn', value: '-Infinity', timestamp: 2, step: 7 },
      { key: 'größe', value: 0.1, timestamp: 3, step: 0 },
      { key: 'up', value: 'Infinity', timestamp: 1, step: -3 },
    ],
    params: [{ key: 'p', value: '' }],
  })
  const history = await get(`metrics/get-history?run_id=${runId}&metric_key=a%2Fb+c`)
  expect(history.json).toEqual({ metrics: [batch.metrics[0]] })
})

test('single writes go the same way', async () => {
  for (const value of ['NaN', 'NaN', 1]) {
    expect((await post('runs/log-metric', { run_id: runId, key: 'm', value, timestamp: 1 })).json).toEqual({})
  }
  expect((await post('runs/log-parameter', { run_uuid: runId, key: 'p', value: '1' })).json).toEqual({})
  expect(code(await post('runs/log-parameter', { run_id: runId, key: 'p', value: '2' }))).toEqual(INVALID)
  expect((await post('runs/set-tag', { run_id: runId, key: 't', value: '1' })).json).toEqual({})
  expect((await post('runs/delete-tag', { run_id: runId, key: 't' })).json).toEqual({})
  expect(code(await post('runs/delete-tag', { run_id: runId, key: 't' }))).toEqual(MISSING)
})

test.each([
  ['a number that is none', { metrics: [{ key: 'a', value: 'x', timestamp: 1 }] }],
  ['nan in small letters', { metrics: [{ key: 'a', value: 'nan', timestamp: 1 }] }],
  ['a step beyond 64 bits', { metrics: [{ key: 'a', value: 1, timestamp: 1, step: 2n ** 63n }] }],
  ['no time', { metrics: [{ key: 'a', value: 1 }] }],
  ['a time before 1970', { metrics: [{ key: 'a', value: 1, timestamp: -1 }] }],
  ['no key', { metrics: [{ value: 1, timestamp: 1 }] }],
  ['a key that climbs', { metrics: [{ key: '../a', value: 1, timestamp: 1 }] }],
  ['a key with a strange sign', { params: [{ key: 'a$', value: '1' }] }],
  ['a key too long', { params: [{ key: 'a'.repeat(251), value: '1' }] }],
  ['a NUL', { tags: [{ key: 'a', value: 'x\u0000' }] }],
  ['1001 metrics', { metrics: many(1001, 'm') }],
  ['101 parameters', { params: many(101, 'p') }],
  ['101 tags', { tags: many(101, 't') }],
  ['1001 in all', { metrics: many(801, 'm'), params: many(100, 'p'), tags: many(100, 't') }],
  [
    'one parameter twice',
    {
      params: [
        { key: 'a', value: '1' },
        { key: 'a', value: '1' },
      ],
    },
  ],
])('a batch with %s is refused by name, and nothing of it is kept', async (_what, bad) => {
  const good = { metrics: [{ key: 'good', value: 1, timestamp: 1 }], params: [{ key: 'good', value: '1' }] }
  const both = Object.fromEntries(
    ['metrics', 'params', 'tags'].map((name) => {
      const list = (of: object) => (of as Record<string, object[]>)[name] ?? []
      return [name, [...list(good), ...list(bad)]]
    }),
  )
  const answer = await logBatch(both)
  expect(code(answer)).toEqual(INVALID)
  expect(answer.at('message')).toMatch(/metrics|params|tags/)
  expect((await read()).run.data).toEqual({ tags: [{ key: 'mlflow.runName', value: expect.any(String) }] })
})

test('the largest batch fits; long values are cut and not refused', async () => {
  const full = { metrics: many(800, 'm'), params: many(100, 'p'), tags: many(100, 't') }
  expect((await logBatch(full)).status).toBe(200)
  expect((await logBatch({ metrics: many(1000, 'm') })).status).toBe(200)
  await post('runs/log-parameter', { run_id: runId, key: 'long', value: 'x'.repeat(7000) })
  await post('runs/set-tag', { run_id: runId, key: 'long', value: 'x'.repeat(9000) })
  const { params, tags } = (await read()).run.data as Record<string, { key: string; value: string }[]>
  expect(params?.find(({ key }) => key === 'long')?.value).toHaveLength(6000)
  expect(tags?.find(({ key }) => key === 'long')?.value).toHaveLength(8000)
})

test('an unknown model or run takes nothing', async () => {
  const metrics = [
    { key: 'a', value: 1, timestamp: 1 },
    { key: 'a', value: 2, timestamp: 2, model_id: `m-${'0'.repeat(32)}` },
  ]
  expect(code(await logBatch({ metrics, params: [{ key: 'p', value: '1' }] }))).toEqual(MISSING)
  expect((await read()).run.data).not.toHaveProperty('params')
  for (const run_id of ['f'.repeat(32), 'nonsense']) {
    expect(code(await post('runs/log-batch', { run_id, metrics: [] }))).toEqual(MISSING)
  }
  expect(code(await post('runs/log-batch', { metrics: [] }))).toEqual(INVALID)
  for (const body of ['[]', '', '"x"']) {
    expect((await send('POST', '/api/2.0/mlflow/runs/log-batch', { body })).status).toBe(400)
  }
})

test('a deleted run answers reads and refuses writes; both ways may be said twice', async () => {
  for (const _ of [1, 2]) expect((await post('runs/delete', { run_id: runId })).json).toEqual({})
  expect((await get(`runs/get?run_id=${runId}`)).at('run.info.lifecycle_stage')).toBe('deleted')
  const writes: [string, object][] = [
    ['runs/log-metric', { key: 'a', value: 1, timestamp: 1 }],
    ['runs/log-parameter', { key: 'a', value: '' }],
    ['runs/set-tag', { key: 'a', value: '' }],
    ['runs/delete-tag', { key: 'a' }],
    ['runs/update', { status: 'FINISHED' }],
    ['runs/log-batch', {}],
  ]
  for (const [path, body] of writes) expect(code(await post(path, { run_id: runId, ...body }))).toEqual(INVALID)
  for (const _ of [1, 2]) expect((await post('runs/restore', { run_id: runId })).json).toEqual({})
  expect(code(await post('runs/delete', { run_id: 'f'.repeat(32) }))).toEqual(MISSING)
})

test('with a key in the door a batch of a thousand takes two statements', async () => {
  const person = stage.as('admin')
  const { secret } = await createApiKey(person, {
    name: 'training',
    project: 'digits',
    scopes: ['write'],
    expiresInDays: 1,
    idempotencyKey: 'a key of this test',
  })
  const keyed = wireTo(
    createMlflowHandler({
      enter: async (entry) => ({ ...person, ...(await enterProject(person, entry)) }),
      gate: { hosts: [] },
      log: person.log,
    }),
  )
  const call = () =>
    keyed('POST', '/api/2.0/mlflow/runs/log-batch', {
      headers: { authorization: `Bearer ${secret}` },
      body: { run_id: runId, metrics: many(900, 'm'), params: many(50, 'p'), tags: many(50, 't') },
    })
  expect((await call()).status).toBe(200)
  const sent = watchStatements(database.pool)
  expect((await call()).status).toBe(200)
  expect(sent.map((text) => text.trim().split(/\s+/)[0])).toEqual(['select', 'select'])
})
