import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, type WireAnswer, wireOf } from '../testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let send: Wire
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  send = wireOf(stage.as('editor'), 'digits')
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const post = (path: string, body: object) => send('POST', `/api/2.0/mlflow/experiments/${path}`, { body })
const get = (path: string) => send('GET', `/api/2.0/mlflow/experiments/${path}`)
const create = async (name: string) => (await post('create', { name })).at('experiment_id')
const code = ({ status, at }: WireAnswer) => [status, at('error_code')]
const INVALID = [400, 'INVALID_PARAMETER_VALUE']
const TAKEN = [400, 'RESOURCE_ALREADY_EXISTS']
const MISSING = [404, 'RESOURCE_DOES_NOT_EXIST']

test('Default is there, and an experiment is found by number and name', async () => {
  expect((await get('get?experiment_id=0')).at('experiment.name')).toBe('Default')
  const name = 'Größe 100%'
  const tags = [{ key: 'a', value: 'x' }]
  const id = (await post('create', { name, tags, artifact_location: '' })).at('experiment_id')
  expect(id).toMatch(/^[1-9]\d*$/)
  const byName = await get(`get-by-name?experiment_name=${encodeURIComponent(name)}`)
  const at = stage.clock.now().getTime()
  expect(byName.json).toEqual({
    experiment: {
      experiment_id: id,
      name,
      artifact_location: `mlflow-artifacts:/${id}`,
      lifecycle_stage: 'active',
      last_update_time: at,
      creation_time: at,
      tags,
    },
  })
  expect((await get(`get?experiment_id=${id}`)).json).toEqual(byName.json)
})

test('two clients make the same experiment: one makes it, the other is told so', async () => {
  const answers = await Promise.all([post('create', { name: 'race' }), post('create', { name: 'race' })])
  expect(answers.map(code).sort()).toEqual([[200, ''], TAKEN])
})

test('names, numbers and tags that cannot be', async () => {
  expect((await post('create', { name: 'n'.repeat(500) })).status).toBe(200)
  for (const name of ['n'.repeat(501), '', null, 'a\u0000b'])
    expect(code(await post('create', { name }))).toEqual(INVALID)
  const tagged = (size: number) => ({ name: `tag of ${size}`, tags: [{ key: 'a', value: 'x'.repeat(size) }] })
  expect(code(await post('create', tagged(20_001)))).toEqual(INVALID)
  expect(code(await get('get-by-name?experiment_name=tag%20of%2020001'))).toEqual(MISSING)
  expect((await post('create', tagged(20_000))).status).toBe(200)
  expect(code(await get('get?experiment_id=abc'))).toEqual(INVALID)
  expect(code(await get('get?experiment_id=987654321'))).toEqual(MISSING)
  expect(code(await get('get'))).toEqual(INVALID)
})

test('deleted, restored, renamed and tagged', async () => {
  const experiment_id = await create('once')
  const run = (await send('POST', '/api/2.0/mlflow/runs/create', { body: { experiment_id } })).at('run.info.run_id')
  const stageOfRun = async () =>
    (await send('GET', `/api/2.0/mlflow/runs/get?run_id=${run}`)).at('run.info.lifecycle_stage')
  expect((await post('delete', { experiment_id })).json).toEqual({})
  expect(code(await post('delete', { experiment_id }))).toEqual(MISSING)
  expect((await get('get-by-name?experiment_name=once')).at('experiment.lifecycle_stage')).toBe('deleted')
  expect(await stageOfRun()).toBe('deleted')
  expect(code(await post('create', { name: 'once' }))).toEqual(TAKEN)
  expect(code(await post('update', { experiment_id, new_name: 'twice' }))).toEqual(INVALID)
  expect(code(await post('set-experiment-tag', { experiment_id, key: 'a', value: '1' }))).toEqual(INVALID)
  expect((await post('restore', { experiment_id })).json).toEqual({})
  expect(code(await post('restore', { experiment_id }))).toEqual(MISSING)
  expect(await stageOfRun()).toBe('active')
  expect((await post('update', { experiment_id, new_name: 'twice' })).json).toEqual({})
  expect(code(await post('update', { experiment_id, new_name: 'Default' }))).toEqual(TAKEN)
  expect((await post('set-experiment-tag', { experiment_id, key: 'a', value: '1' })).json).toEqual({})
  expect((await post('delete-experiment-tag', { experiment_id, key: 'a' })).json).toEqual({})
  expect(code(await post('delete-experiment-tag', { experiment_id, key: 'a' }))).toEqual(MISSING)
})

test("another project's experiments and runs are not there", async () => {
  const id = await create('ours')
  const body = { experiment_id: id }
  const run = (await send('POST', '/api/2.0/mlflow/runs/create', { body })).at('run.info.run_id')
  const foreign = wireOf(stage.stranger, 'digits-b')
  expect(code(await foreign('GET', `/api/2.0/mlflow/experiments/get?experiment_id=${id}`))).toEqual(MISSING)
  expect(code(await foreign('POST', '/api/2.0/mlflow/runs/create', { body }))).toEqual(MISSING)
  expect(code(await foreign('GET', `/api/2.0/mlflow/runs/get?run_id=${run}`))).toEqual(MISSING)
  const batch = { run_id: run, tags: [{ key: 'a', value: '' }] }
  expect(code(await foreign('POST', '/api/2.0/mlflow/runs/log-batch', { body: batch }))).toEqual(MISSING)
})
