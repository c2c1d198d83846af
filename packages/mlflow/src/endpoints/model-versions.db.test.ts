import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { idOfHex } from '@modelyard/domain'
import { getModelVersion } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { linearModel } from '@modelyard/services/testing/models'
import { type RegistryStage, registryStage } from '@modelyard/services/testing/registry'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

const project = 'digits'
const API = '/api/2.0/mlflow'
let database: TestDatabase
let stage: TestStage
let logged: RegistryStage
let send: Wire
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db, { kpis: [{ metric: 'accuracy', op: '>=', target: 0.9 }] })
  logged = registryStage(database.db, stage)
  send = wireOf(stage.as('deployer'), project)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

let names = 0
async function model(): Promise<string> {
  const name = `model ${++names}`
  expect(await send('POST', `${API}/registered-models/create`, { body: { name } })).toMatchObject({ status: 200 })
  return name
}
const create = (body: object, by = send) => by('POST', `${API}/model-versions/create`, { body })
const post = (path: string, body: object) => send('POST', `${API}/${path}`, { body })
const get = (path: string, query: Record<string, string>) => send('GET', `${API}/${path}?${new URLSearchParams(query)}`)
const shown = (name: string, version = 1) => getModelVersion(stage.as('viewer'), { project, model: name, version })
const PICKLE = { MLmodel: 'flavors:\n  sklearn:\n    pickled_model: model.pkl\n', 'model.pkl': 'not opened' }

test('a logged model becomes a version, ready at once, that knows its run and is known to its logged model', async () => {
  const run = await logged.run()
  const made = await logged.loggedModel(PICKLE, { runId: run.id })
  const name = await model()
  const source = `models:/m-${made.hex}`
  const answer = await create({ name, source, model_id: `m-${made.hex}` })
  const at = stage.clock.now().getTime()
  expect(answer).toMatchObject({ status: 200 })
  expect(answer.json).toEqual({
    model_version: {
      ...{ name, version: '1', creation_timestamp: at, last_updated_timestamp: at, current_stage: 'None' },
      ...{ description: '', source, run_id: run.hex, status: 'READY', run_link: '' },
    },
  })
  const [tag] = await database.db
    .select()
    .from(tables.loggedModelTag)
    .where(and(eq(tables.loggedModelTag.loggedModelId, made.id), eq(tables.loggedModelTag.key, 'mlflow.modelVersions')))
  expect(JSON.parse(tag?.value ?? '')).toEqual([{ name, version: 1 }])
  const version = await shown(name)
  expect(version).toMatchObject({ format: 'opaque', signature: null, lineage: { runId: run.id, codeCommit: 'c0ffee' } })
  expect(version.files.map(({ path }) => path)).toEqual(['MLmodel', 'model.pkl'])
  const uri = `mlflow-artifacts:/0/versions/${(await get('model-versions/get-download-uri', { name, version: '1' })).at('artifact_uri').split('/')[3]}/artifacts`
  expect(await get('model-versions/get-download-uri', { name, version: '1' })).toMatchObject({
    json: { artifact_uri: uri },
  })
  expect(idOfHex('mv', uri.split('/')[3] ?? '')).toBe(version.id)
})

test('one ONNX file is read, wherever it came from; what changes at the source later changes nothing', async () => {
  const bytes = linearModel(3, 7)
  const run = await logged.run({ 'model/MLmodel': 'flavors: {}', 'model/model.onnx': bytes })
  const name = await model()
  for (const source of [`runs:/${run.hex}/model`, `mlflow-artifacts:/0/${run.hex}/artifacts/model`])
    expect(await create({ name, source, run_id: run.hex })).toMatchObject({ status: 200 })
  const before = await shown(name)
  expect(before).toMatchObject({ format: 'onnx', signature: { inputs: [{ name: 'x', shape: ['N', 3] }] } })
  expect(before.sha256).toBe(before.files.find(({ path }) => path === 'model.onnx')?.sha256)
  await logged.upload(run.id, { 'model/model.onnx': linearModel(4, 8), 'model/more.txt': 'new' })
  expect(await shown(name)).toEqual(before)
  const other = await model()
  expect(await create({ name: other, source: `models:/${name}/1` })).toMatchObject({ status: 200 })
  const copy = await shown(other)
  expect([copy.sha256, copy.files, copy.lineage.runId]).toEqual([before.sha256, before.files, run.id])
})

test('a run that was deleted after it logged its model can still be registered from', async () => {
  const run = await logged.run({ 'model/MLmodel': 'flavors: {}' })
  await post('runs/delete', { run_id: run.hex })
  const name = await model()
  const made = await create({ name, source: `runs:/${run.hex}/model`, run_id: run.hex })
  expect([made.status, made.at('model_version.run_id')]).toEqual([200, run.hex])
  expect((await shown(name)).files.map(({ path }) => path)).toEqual(['MLmodel'])
})

test.each<[string, Record<string, string>, string]>([
  [
    'two ONNX files, one named by the MLmodel',
    { MLmodel: 'flavors:\n  onnx:\n    data: b.onnx\n', 'a.onnx': 'x' },
    'onnx',
  ],
  ['two ONNX files and no word which', { 'a.onnx': 'x' }, 'opaque'],
  ['an MLmodel that takes a parser minutes', { MLmodel: '? '.repeat(500_000), 'a.onnx': 'x' }, 'opaque'],
  ['an MLmodel that is no YAML', { MLmodel: '{{{: [', 'a.onnx': 'x' }, 'opaque'],
  ['an MLmodel that runs code', { MLmodel: '!!python/object/apply:os.system ["true"]', 'a.onnx': 'x' }, 'opaque'],
])('%s', async (_, files, format) => {
  const made = await logged.loggedModel({ ...files, 'b.onnx': linearModel(2, ++names) })
  const name = await model()
  expect(await create({ name, source: `models:/m-${made.hex}` })).toMatchObject({ status: 200 })
  expect(await shown(name)).toMatchObject({ format })
})

test('a file that only calls itself ONNX is kept unopened; no file at all does not pass its artifact gate', async () => {
  const name = await model()
  for (const files of [{ 'a.onnx': 'not at all' }, {}] as Record<string, string>[]) {
    const made = await logged.loggedModel(files)
    expect(await create({ name, source: `models:/m-${made.hex}` })).toMatchObject({ status: 200 })
  }
  expect(await shown(name, 1)).toMatchObject({ format: 'opaque' })
  expect((await shown(name, 1)).gates.find(({ gate }) => gate === 'artifact')).toMatchObject({ pass: true })
  expect((await shown(name, 2)).gates.find(({ gate }) => gate === 'artifact')).toMatchObject({ pass: false })
})

test('what a client reports is shown beside the target and does not pass a gate', async () => {
  const run = await logged.run({ 'm/model.pkl': 'x' }, { accuracy: 0.99 })
  const name = await model()
  await create({ name, source: `runs:/${run.hex}/m` })
  const version = await shown(name)
  expect(version.gatesPassed).toBe(false)
  expect(version.gates.find(({ gate }) => gate === 'kpi:accuracy')).toMatchObject({
    ...{ pass: false, observed: 0.99, threshold: 0.9 },
    detail: expect.stringContaining('reported by the client'),
  })
})

test('a path without files may be the name of a model that the run logged', async () => {
  const run = await logged.run()
  const made = await logged.loggedModel(PICKLE, { runId: run.id, name: 'clf' })
  const name = await model()
  expect(await create({ name, source: `runs:/${run.hex}/clf` })).toMatchObject({ status: 200 })
  expect((await shown(name)).lineage).toMatchObject({ runId: run.id, loggedModelId: made.id })
})

test('twenty at once get the numbers 1 to 20', async () => {
  const made = await logged.loggedModel(PICKLE)
  const name = await model()
  const source = `models:/m-${made.hex}`
  const answers = await Promise.all(Array.from({ length: 20 }, () => create({ name, source })))
  const numbers = answers.map((answer) => Number(answer.at('model_version.version')))
  expect(numbers.sort((left, right) => left - right)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  const [tag] = await database.db
    .select()
    .from(tables.loggedModelTag)
    .where(eq(tables.loggedModelTag.loggedModelId, made.id))
  expect(JSON.parse(tag?.value ?? '')).toHaveLength(20)
})

const hex = '0'.repeat(32)
test.each([
  ...['/etc', '/etc/passwd', 'file:///etc', 'file:/etc/passwd', '../../etc', '\\..\\..\\etc', 'C:\\Windows', './model'],
  ...['http://169.254.169.254/latest', 'https://example.com/m', 's3://bucket/m', 'http:///#/../../etc', ''],
  ...[`runs:/${hex}/../../etc`, `runs:/${hex}/a#b`, `runs:/${hex}/a?b`, `runs:/${hex}/%2e%2e/a`, `models:/m-${hex}#x`],
  ...[`mlflow-artifacts:/0/${hex}/artifacts/../../..`, `mlflow-artifacts://evil/0/${hex}/artifacts`, 'models:/x@alias'],
])('%j is no source, also of what calls itself a prompt', async (source) => {
  const name = await model()
  const prompt = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }]
  for (const body of [
    { name, source },
    { name, source, tags: prompt },
  ])
    expect(await create(body)).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
  expect(await get('model-versions/get', { name, version: '1' })).toMatchObject({ status: 404 })
})

test('what is not there, of another project, or does not agree, is refused by its name', async () => {
  const made = await logged.loggedModel(PICKLE, { runId: (await logged.run()).id })
  const name = await model()
  const source = `models:/m-${made.hex}`
  const missing = { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }
  for (const body of [
    { name, source: `models:/m-${hex}` },
    { name, source: `runs:/${hex}/model` },
    { name, source: 'models:/nobody/1' },
    { name, source: `mlflow-artifacts:/77/models/m-${made.hex}/artifacts` },
    { name: 'nobody', source },
    { name, source, run_id: hex },
  ]) {
    const answer = await create(body)
    expect([answer.status, body]).toEqual([body.run_id === undefined ? 404 : 400, body])
  }
  const stranger = wireOf(stage.stranger, stage.elsewhere.slug)
  await stranger('POST', `${API}/registered-models/create`, { body: { name } })
  expect(await create({ name, source }, stranger)).toMatchObject(missing)
  expect(await create({ name, source, model_id: `m-${hex}` })).toMatchObject({ status: 400 })
  const other = await logged.run()
  expect(await create({ name, source, run_id: other.hex })).toMatchObject({
    status: 400,
    json: { message: expect.stringContaining('run_id') },
  })
  expect(await create({ name, source, run_id: 'not hex' })).toMatchObject(missing)
})

test('a version is changed, labelled and deleted; its number is not given again', async () => {
  const made = await logged.loggedModel(PICKLE)
  const name = await model()
  const source = `models:/m-${made.hex}`
  for (let index = 0; index < 3; index++) await create({ name, source, tags: [{ key: 'n', value: String(index) }] })
  const version = { name, version: '2' }
  await send('PATCH', `${API}/model-versions/update`, { body: { ...version, description: 'second' } })
  await post('model-versions/set-tag', { ...version, key: 'team', value: 'vision' })
  await post('model-versions/set-tag', { name, version: 2, key: 'n', value: '' })
  expect((await get('model-versions/get', version)).json).toMatchObject({
    model_version: {
      ...{ version: '2', description: 'second' },
      tags: [
        { key: 'n', value: '' },
        { key: 'team', value: 'vision' },
      ],
    },
  })
  for (let times = 0; times < 2; times++)
    expect(
      await send('DELETE', `${API}/model-versions/delete-tag`, { body: { ...version, key: 'team' } }),
    ).toMatchObject({
      status: 200,
    })
  await post('registered-models/alias', { ...version, alias: 'champion' })
  await post('registered-models/alias', { name, version: '3', alias: 'next' })
  expect(await send('DELETE', `${API}/model-versions/delete`, { body: version })).toMatchObject({
    status: 200,
    json: {},
  })
  expect(await get('model-versions/get', version)).toMatchObject({ status: 404 })
  expect(await get('registered-models/alias', { name, alias: 'champion' })).toMatchObject({
    status: 400,
    json: { error_code: 'INVALID_PARAMETER_VALUE' },
  })
  expect((await get('registered-models/get', { name })).json).toMatchObject({
    registered_model: { aliases: [{ alias: 'next', version: '3' }], latest_versions: [{ version: '3' }] },
  })
  await send('DELETE', `${API}/model-versions/delete`, { body: { name, version: '3' } })
  expect((await create({ name, source })).at('model_version.version')).toBe('4')
})

test('stages are written as MLflow writes them; others are archived for Staging and Production', async () => {
  const made = await logged.loggedModel(PICKLE)
  const name = await model()
  for (let index = 0; index < 3; index++) await create({ name, source: `models:/m-${made.hex}` })
  const move = (version: string, stage: string, archive = false) =>
    post('model-versions/transition-stage', { name, version, stage, archive_existing_versions: archive })
  expect((await move('1', 'staging')).at('model_version.current_stage')).toBe('Staging')
  await move('2', 'PRODUCTION')
  expect((await move('3', 'Production', true)).at('model_version.current_stage')).toBe('Production')
  const stages = async (query: string[]) => {
    const answer = await post('registered-models/get-latest-versions', { name, stages: query })
    const { model_versions: versions } = answer.json as { model_versions: { version: string; current_stage: string }[] }
    return versions.map(({ version, current_stage }) => `${version} ${current_stage}`)
  }
  expect(await stages([])).toEqual(['1 Staging', '2 Archived', '3 Production'])
  expect(await stages(['production'])).toEqual(['3 Production'])
  for (const answer of [await move('1', 'live'), await move('1', 'None', true), await move('1', 'Archived', true)])
    expect(answer).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
  expect(await move('9', 'Staging')).toMatchObject({ status: 404 })
  for (const version of ['0', 'x', '-1', '1.5'])
    expect(await get('model-versions/get', { name, version })).toMatchObject({ status: 400 })
})
