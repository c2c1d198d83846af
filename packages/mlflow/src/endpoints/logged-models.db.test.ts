import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId, idOfHex } from '@modelyard/domain'
import { readRunRecords } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, type WireAnswer, wireOf } from '../testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let send: Wire
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  send = wireOf(stage.as('editor'), 'digits')
  runId = await makeRun()
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

async function makeRun(): Promise<string> {
  const { newId, now } = stage.as('editor')
  const { experiment, run } = tables
  const ofProject = and(eq(experiment.projectId, stage.project.id), eq(experiment.number, 0))
  const [found] = await database.db.select().from(experiment).where(ofProject)
  const row = { id: newId('run'), projectId: stage.project.id, experimentId: found?.id ?? '', name: 'a run' }
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  await database.db.insert(run).values({ ...row, status: 'running', createdBy: by, createdAt: now() })
  return row.id
}

const at = (id: string, rest = '') => `/api/2.0/mlflow/logged-models/${id}${rest}`
const create = (more: object = {}) =>
  send('POST', '/api/2.0/mlflow/logged-models', {
    body: { experiment_id: '0', name: 'model', source_run_id: hexOfId(runId), ...more },
  })
const made = async (more: object = {}) => (await create(more)).at('model.info.model_id')
const info = (answer: WireAnswer) => (answer.json as { model: { info: object } }).model.info

test('a model is pending when it is made and ready when it is said to be', async () => {
  const answer = await create({ params: [{ key: 'depth', value: '3' }], tags: [{ key: 'mlflow.user', value: 'ada' }] })
  const id = answer.at('model.info.model_id')
  expect(id).toMatch(/^m-[0-9a-f]{32}$/)
  const now = stage.clock.now().getTime()
  expect(answer).toMatchObject({ status: 200 })
  expect(answer.json).toEqual({
    model: {
      info: {
        model_id: id,
        experiment_id: '0',
        name: 'model',
        creation_timestamp_ms: now,
        last_updated_timestamp_ms: now,
        artifact_uri: `mlflow-artifacts:/0/models/${id}/artifacts`,
        status: 'LOGGED_MODEL_PENDING',
        model_type: '',
        source_run_id: hexOfId(runId),
        tags: [{ key: 'mlflow.user', value: 'ada' }],
      },
      data: { params: [{ key: 'depth', value: '3' }] },
    },
  })
  stage.clock.advance(5)
  const ready = await send('PATCH', at(id), { body: { model_id: id, status: 'LOGGED_MODEL_READY' } })
  expect(info(ready)).toMatchObject({ status: 'LOGGED_MODEL_READY', last_updated_timestamp_ms: now + 5 })
  const failed = await send('PATCH', at(id), { body: { status: 3 } })
  expect(info(failed)).toMatchObject({ status: 'LOGGED_MODEL_UPLOAD_FAILED' })
  expect(await send('PATCH', at(id), { body: { status: 'DONE' } })).toMatchObject({ status: 400 })
})

test('a run says what it wrote and read, and saying it again changes nothing', async () => {
  const id = await made()
  const run_id = hexOfId(runId)
  const outputs = {
    run_id,
    models: [
      { model_id: id, step: 0 },
      { model_id: id, step: '9007199254740993' },
    ],
  }
  for (let twice = 0; twice < 2; twice++) {
    expect(await send('POST', '/api/2.0/mlflow/runs/outputs', { body: outputs })).toMatchObject({ status: 200 })
    const body = { run_id, models: [{ model_id: id }] }
    expect(await send('POST', '/api/2.0/mlflow/runs/log-inputs', { body })).toMatchObject({ status: 200 })
  }
  const [record] = await readRunRecords(database.db, { projectId: stage.project.id, ids: [runId] })
  const loggedModelId = idOfHex('lm', id.slice(2))
  expect(record?.modelInputs).toEqual([{ loggedModelId, step: 0n }])
  expect(record?.modelOutputs.map(({ step }) => step).sort()).toEqual([0n, 9_007_199_254_740_993n])
})

test('two hundred and fifty parameters are all there; one that changes is refused and changes nothing', async () => {
  const params = Array.from({ length: 250 }, (_, index) => ({ key: `p${index}`, value: String(index) }))
  const id = await made({ params: params.slice(0, 100) })
  const log = (more: object[]) => send('POST', at(id, '/params'), { body: { model_id: id, params: more } })
  expect(await log(params.slice(50))).toMatchObject({ status: 200, json: {} })
  const changed = await log([
    { key: 'new', value: '1' },
    { key: 'p7', value: 'other' },
  ])
  expect(changed).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
  const { json } = await send('GET', at(id))
  const held = (json as { model: { data: { params: { key: string; value: string }[] } } }).model.data.params
  expect(held).toHaveLength(250)
  expect(held).toContainEqual({ key: 'p7', value: '7' })
})

test('tags are set again and again, and one whose key has a slash can be deleted', async () => {
  const id = await made()
  const set = (tags: object[]) => send('PATCH', at(id, '/tags'), { body: { tags } })
  await set([
    { key: 'a/b c', value: '1' },
    { key: 'keep', value: 'x' },
    { key: 'keep', value: 'y' },
  ])
  expect(info(await send('GET', at(id)))).toMatchObject({
    tags: [
      { key: 'a/b c', value: '1' },
      { key: 'keep', value: 'y' },
    ],
  })
  const gone = () => send('DELETE', at(id, '/tags/a/b%20c'))
  expect(await gone()).toMatchObject({ status: 200, json: {} })
  expect(await gone()).toMatchObject({ status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } })
  expect(info(await send('GET', at(id)))).toMatchObject({ tags: [{ key: 'keep', value: 'y' }] })
})

test('a deleted model is found only by who asks for deleted ones, and deleting it again is no error', async () => {
  const id = await made()
  expect(await send('DELETE', at(id))).toMatchObject({ status: 200, json: {} })
  expect(await send('DELETE', at(id))).toMatchObject({ status: 200 })
  expect(await send('GET', at(id))).toMatchObject({ status: 404 })
  expect(await send('GET', at(id, '?allow_deleted=true'))).toMatchObject({ status: 200 })
  expect(await send('PATCH', at(id), { body: { status: 'LOGGED_MODEL_READY' } })).toMatchObject({ status: 404 })
  const { ledgerEntry } = tables
  const noted = await database.db.select().from(ledgerEntry).where(eq(ledgerEntry.action, 'logged_model.deleted'))
  expect(noted).toHaveLength(1)
})

test('a metric that was logged for a model on a dataset is shown with its newest value', async () => {
  const id = await made()
  const base = { loggedModelId: idOfHex('lm', id.slice(2)) ?? '', projectId: stage.project.id, key: 'f1', runId }
  const point = (step: bigint, value: number, datasetName = '') => ({ ...base, step, value, datasetName, atMs: 1n })
  const points = [point(1n, 0.5), point(2n, Number.NaN), point(1n, 0.7, 'test')]
  await database.db.insert(tables.loggedModelMetric).values(points)
  const { json } = await send('GET', at(id))
  const run_id = hexOfId(runId)
  expect((json as { model: { data: { metrics: object[] } } }).model.data.metrics).toEqual([
    { key: 'f1', value: 'NaN', timestamp: 1, step: 2, model_id: id, run_id },
    { key: 'f1', value: 0.7, timestamp: 1, step: 1, dataset_name: 'test', model_id: id, run_id },
  ])
})

test.each([
  ['a name that would be cut', { name: 'a/b' }, 400, 'name'],
  ['no experiment', { experiment_id: undefined }, 400, 'experiment_id'],
  ['an experiment that is no number', { experiment_id: 'x' }, 400, 'experiment_id'],
  ['an unknown experiment', { experiment_id: '987654' }, 404, '987654'],
  ['an unknown run', { source_run_id: '0'.repeat(32) }, 404, 'run'],
  ['a NUL in a parameter', { params: [{ key: 'a', value: '\0' }] }, 400, 'params[0].value'],
])('%s is refused', async (_, more, status, said) => {
  expect(await create(more)).toMatchObject({ status, json: { message: expect.stringContaining(said) } })
})

test('without a name one is made up, and another project finds nothing', async () => {
  const id = await made({ name: '' })
  expect(info(await send('GET', at(id)))).toMatchObject({ name: expect.stringMatching(/^model-/) })
  expect(await wireOf(stage.stranger, 'digits-b')('GET', at(id))).toMatchObject({ status: 404 })
  const looking = wireOf(stage.as('viewer'), 'digits')
  expect(await looking('DELETE', at(id))).toMatchObject({ status: 403 })
  expect(await looking('GET', at(id))).toMatchObject({ status: 200 })
})
