import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { createEndpoint } from '@modelyard/services'
import { type ServingStage, servingStage } from '@modelyard/services/testing/serving'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

const API = '/api/2.0/mlflow'
let database: TestDatabase
let stage: ServingStage
let send: Wire
beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
  send = wireOf(stage.as('deployer'), stage.project.slug)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const post = (path: string, body: object) => send('POST', `${API}/registered-models/${path}`, { body })
const patch = (path: string, body: object) => send('PATCH', `${API}/registered-models/${path}`, { body })
const remove = (path: string, body: object) => send('DELETE', `${API}/registered-models/${path}`, { body })
const get = (path: string, query: Record<string, string>) =>
  send('GET', `${API}/registered-models/${path}?${new URLSearchParams(query)}`)
const invalid = { status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } }
const missing = { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }
const taken = { status: 400, json: { error_code: 'RESOURCE_ALREADY_EXISTS' } }

test('a model is made, described, tagged, renamed and deleted; its name is free again', async () => {
  const at = stage.clock.now().getTime()
  const tags = [
    { key: 'a', value: '1' },
    { key: 'a', value: '2' },
    { key: 'long', value: 'x'.repeat(100_000) },
  ]
  const made = await post('create', { name: 'My model.v1 (größe)', tags })
  expect(made).toMatchObject({ status: 200 })
  expect(made.json).toEqual({
    registered_model: {
      ...{ name: 'My model.v1 (größe)', creation_timestamp: at, last_updated_timestamp: at },
      tags: [{ key: 'a', value: '2' }, tags[2]],
    },
  })
  expect(await post('create', { name: 'My model.v1 (größe)' })).toMatchObject(taken)
  const name = 'plain'
  expect(await post('create', { name })).toMatchObject({ status: 200 })
  expect((await patch('update', { name, description: 'why' })).at('registered_model.description')).toBe('why')
  expect(await post('set-tag', { name, key: 'team', value: 'vision' })).toMatchObject({ status: 200, json: {} })
  for (let times = 0; times < 2; times++)
    expect(await remove('delete-tag', { name, key: 'team' })).toMatchObject({ status: 200, json: {} })
  expect(await post('rename', { name, new_name: 'My model.v1 (größe)' })).toMatchObject(taken)
  expect((await post('rename', { name, new_name: 'renamed' })).at('registered_model.name')).toBe('renamed')
  expect(await get('get', { name })).toMatchObject(missing)
  expect(await remove('delete', { name: 'renamed' })).toMatchObject({ status: 200, json: {} })
  expect(await get('get', { name: 'renamed' })).toMatchObject(missing)
  expect(await remove('delete', { name: 'renamed' })).toMatchObject(missing)
  expect(await post('create', { name: 'renamed' })).toMatchObject({ status: 200 })
})

test.each(['', ' ', '.', '..', 'a/b', 'a:b', 'x\0y', 'n'.repeat(257), null, 7, {}])(
  '%j is no name of a model',
  async (name) => {
    expect(await post('create', { name })).toMatchObject(invalid)
    expect(await post('rename', { name: 'pets', new_name: name })).toMatchObject(invalid)
  },
)

test('of several that make the same model one does, the others learn that it is there', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => post('create', { name: 'raced' })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  for (const answer of answers) if (answer.status !== 200) expect(answer).toMatchObject(taken)
})

test('an alias is set, moved and deleted; no alias and no model are told apart', async () => {
  const name = 'pets'
  for (let times = 0; times < 2; times++) await stage.modelVersion()
  const alias = 'champion'
  expect(await post('alias', { name, alias, version: '1' })).toMatchObject({ status: 200, json: {} })
  expect(await post('alias', { name, alias, version: 2 })).toMatchObject({ status: 200, json: {} })
  const found = await get('alias', { name, alias })
  expect(found.json).toMatchObject({ model_version: { name, version: '2', aliases: [alias] } })
  expect((await get('get', { name })).json).toMatchObject({ registered_model: { aliases: [{ alias, version: '2' }] } })
  for (let times = 0; times < 2; times++)
    expect(await remove('alias', { name, alias })).toMatchObject({ status: 200, json: {} })
  expect(await get('alias', { name, alias })).toMatchObject(invalid)
  expect(await get('alias', { name: 'nobody', alias })).toMatchObject(missing)
  expect(await post('alias', { name, alias, version: '99' })).toMatchObject(missing)
  expect(await post('alias', { name: 'nobody', alias, version: '1' })).toMatchObject(missing)
  for (const bad of ['latest', 'LATEST', 'v1', 'V22', 'a b', 'a/b', 'a'.repeat(256), ''])
    expect(await post('alias', { name, alias: bad, version: '1' })).toMatchObject(invalid)
})

test('what takes traffic is not deleted, and the answer says where', async () => {
  await stage.endpoint('busy')
  const { model_versions: versions } = (await get('get-latest-versions', { name: 'pets' })).json as {
    model_versions: { version: string }[]
  }
  const version = versions.at(-1)?.version
  const blocked = { status: 400, json: { error_code: 'INVALID_STATE', message: expect.stringContaining('busy') } }
  const body = { name: 'pets', version }
  expect(await send('DELETE', `${API}/model-versions/delete`, { body })).toMatchObject(blocked)
  expect(await remove('delete', { name: 'pets' })).toMatchObject(blocked)
  expect(await get('get', { name: 'pets' })).toMatchObject({ status: 200 })
  expect(await send('DELETE', `${API}/model-versions/delete`, { body: { ...body, version: '1' } })).toMatchObject({
    status: 200,
  })
})

test('only ONNX is served', async () => {
  const modelVersionId = await stage.modelVersion({ format: 'opaque', signature: {} })
  const asked = { project: stage.project.slug, name: 'opaque', modelVersionId, idempotencyKey: stage.key() }
  await expect(createEndpoint(stage.deployer, asked)).rejects.toMatchObject({
    code: 'blocked',
    message: expect.stringContaining('only ONNX'),
  })
})

test('deleting takes a deployer and the body, not the query', async () => {
  const editor = wireOf(stage.as('editor'), stage.project.slug)
  await post('create', { name: 'kept' })
  expect(await editor('DELETE', `${API}/registered-models/delete`, { body: { name: 'kept' } })).toMatchObject({
    status: 403,
  })
  expect(await send('DELETE', `${API}/registered-models/delete?name=kept`)).toMatchObject(invalid)
  expect(await get('get', { name: 'kept' })).toMatchObject({ status: 200 })
})
