import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { digestOfVersion, hexOfId } from '@modelyard/domain'
import { readRunRecords } from '@modelyard/services'
import { type TrainingStage, trainingStage } from '@modelyard/services/testing/training'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

let database: TestDatabase
let stage: TrainingStage
let send: Wire
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await trainingStage(database.db)
  send = wireOf(stage.as('editor'), 'digits')
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(async () => {
  runId = await makeRun()
})

async function makeRun(): Promise<string> {
  const { db, newId, now } = stage.as('editor')
  const projectId = stage.project.id
  const { experiment } = tables
  const [found] = await db
    .select()
    .from(experiment)
    .where(and(eq(experiment.projectId, projectId), eq(experiment.number, 0)))
  if (!found) throw new Error('there is no Default experiment')
  const id = newId('run')
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  const row = { id, projectId, experimentId: found.id, name: 'a run', status: 'running' as const }
  await db.insert(tables.run).values({ ...row, createdBy: by, createdAt: now(), startedAt: now() })
  return id
}
const recordOf = async (id = runId) => {
  const [record] = await readRunRecords(database.db, { projectId: stage.project.id, ids: [id] })
  if (!record) throw new Error(`there is no run ${id}`)
  return record
}
const post = (path: string, body: object) => send('POST', `/api/2.0/mlflow/${path}`, { body })
const input = (more: object = {}, context = 'train') => ({
  tags: [{ key: 'mlflow.data.context', value: context }],
  dataset: { name: 'dataset', digest: '5a5c68bf', source_type: 'code', source: '{}', schema: '{"a":1}', ...more },
})
const logInputs = (datasets: object[], id = runId) => post('runs/log-inputs', { run_id: hexOfId(id), datasets })

test('the first description of a dataset and the first tags of a run for it stand', async () => {
  expect(await logInputs([input(), input({ source: 'other' }, 'eval')])).toMatchObject({ status: 200, json: {} })
  await logInputs([input({ schema: 'later' }, 'eval')])
  const described = { name: 'dataset', digest: '5a5c68bf', source: '{}', schema: '{"a":1}', profile: null }
  const tags = [{ key: 'mlflow.data.context', value: 'train' }]
  expect((await recordOf()).datasets).toMatchObject([{ ...described, tags }])
  const other = await makeRun()
  await logInputs([input({ schema: 'later still' }, 'eval')], other)
  expect((await recordOf(other)).datasets).toMatchObject([
    { ...described, tags: [{ key: 'mlflow.data.context', value: 'eval' }] },
  ])
})

test('of a dataset that one call names often the first counts', async () => {
  const digests = ['c', 'a', 'b', 'd'].map((letter) => letter.repeat(8))
  const said = ['train', 'eval', 'test'].flatMap((context) => digests.map((digest) => input({ digest }, context)))
  await logInputs(said)
  const contexts = (await recordOf()).datasets.map(({ tags }) => tags[0]?.value)
  expect(contexts).toEqual(['train', 'train', 'train', 'train'])
})

test('what eight writers say at once of the same datasets is there once', async () => {
  const runs = await Promise.all(Array.from({ length: 8 }, () => makeRun()))
  const datasets = ['a1a1a1a1', 'b2b2b2b2', 'c3c3c3c3'].map((digest) => input({ digest }))
  const answers = await Promise.all(
    runs.map((id, index) => logInputs(index % 2 === 0 ? datasets : [...datasets].reverse(), id)),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  for (const id of runs) expect((await recordOf(id)).datasets).toHaveLength(3)
  const { loggedDataset } = tables
  expect(await database.db.select().from(loggedDataset).where(eq(loggedDataset.digest, 'b2b2b2b2'))).toHaveLength(1)
})

test('a version of ours is recognised by its id, or by its name and hash, and becomes lineage', async () => {
  const { datasetVersionId } = stage
  const [version] = await database.db
    .select()
    .from(tables.datasetVersion)
    .where(eq(tables.datasetVersion.id, datasetVersionId))
  if (!version) throw new Error('there is no version')
  await logInputs([input({ digest: 'by-source', source: JSON.stringify({ datasetVersionId }) }, 'eval')])
  expect((await recordOf()).datasetVersions).toEqual([{ id: datasetVersionId, context: 'eval' }])
  const second = await makeRun()
  await logInputs([{ dataset: input({ name: 'shapes', digest: version.sha256.slice(0, 8) }).dataset }], second)
  expect((await recordOf(second)).datasetVersions).toEqual([{ id: datasetVersionId, context: 'input' }])
  const third = await makeRun()
  await logInputs([input({ name: 'shapes', digest: 'ffffffff' })], third)
  expect((await recordOf(third)).datasetVersions).toEqual([])
})

test('a job shows what it reads as a dataset input from the start', async () => {
  const job = await stage.submit()
  const [dataset] = (await recordOf(job.runId)).datasets
  expect(dataset).toMatchObject({ name: 'shapes', sourceType: 'modelyard', datasetVersionId: stage.datasetVersionId })
  expect(dataset?.digest).toMatch(/^[0-9a-f]{16}-v1$/)
  expect(digestOfVersion({ sha256: 'a'.repeat(64), version: 1 })).toHaveLength(dataset?.digest.length ?? 0)
  expect((await recordOf(job.runId)).datasetVersions).toEqual([{ id: stage.datasetVersionId, context: 'training' }])
})

test('summaries say which datasets an experiment knows, and as what', async () => {
  await logInputs([input({ name: 'summed', digest: 'd4d4d4d4' }), { dataset: input({ name: 'plain' }).dataset }])
  const body = { experiment_ids: ['0'] }
  const { json } = await send('POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', { body })
  const { dataset_summaries: summaries } = json as { dataset_summaries: object[] }
  expect(summaries).toContainEqual({ experiment_id: '0', name: 'summed', digest: 'd4d4d4d4', context: 'train' })
  expect(summaries).toContainEqual({ experiment_id: '0', name: 'plain', digest: '5a5c68bf' })
  const many = { experiment_ids: Array.from({ length: 21 }, (_, each) => String(each)) }
  expect(await post('experiments/search-datasets', many)).toMatchObject({ status: 400 })
})

test('a model of MLflow 2 is appended to the history tag, once', async () => {
  const model = (uuid: string) => ({
    artifact_path: 'model',
    flavors: {},
    utc_time_created: 'now',
    run_id: 'x',
    model_uuid: uuid,
  })
  const log = (written: object) =>
    post('runs/log-model', { run_id: hexOfId(runId), model_json: JSON.stringify(written) })
  for (const uuid of ['a', 'b', 'a']) expect(await log(model(uuid))).toMatchObject({ status: 200 })
  const tag = (await recordOf()).tags.find(({ key }) => key === 'mlflow.log-model.history')
  expect(JSON.parse(tag?.value ?? '')).toEqual([model('a'), model('b')])
  const { flavors: _, ...without } = model('c')
  expect(await log(without)).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
})

test.each([
  ['no digest', { dataset: { name: 'x', source_type: 'code', source: '{}' } }, 'digest'],
  ['a digest too long', input({ digest: 'x'.repeat(37) }), 'digest'],
  ['a name too long', input({ name: 'x'.repeat(501) }), 'name'],
  ['a NUL', input({ source: 'a\0b' }), 'source'],
  ['a tag too long', { ...input(), tags: [{ key: 'k', value: 'x'.repeat(501) }] }, 'value'],
])('%s is refused by name, and nothing of the request is done', async (_, bad, field) => {
  const answer = await logInputs([input({ digest: 'e5e5e5e5' }), bad])
  expect(answer).toMatchObject({ status: 400, json: { message: expect.stringContaining(field) } })
  expect((await recordOf()).datasets).toEqual([])
})

test('a run or model that is not there, a deleted run, and another project', async () => {
  const nowhere = '0'.repeat(32)
  expect(await post('runs/log-inputs', { run_id: nowhere, datasets: [input()] })).toMatchObject({ status: 404 })
  const models = [{ model_id: `m-${nowhere}`, step: 1 }]
  expect(await post('runs/outputs', { run_id: hexOfId(runId), models })).toMatchObject({ status: 404 })
  expect(await post('runs/outputs', { run_id: hexOfId(runId), models: [] })).toMatchObject({ status: 400 })
  const elsewhere = wireOf(stage.stranger, 'digits-b')
  const body = { run_id: hexOfId(runId), datasets: [input()] }
  expect(await elsewhere('POST', '/api/2.0/mlflow/runs/log-inputs', { body })).toMatchObject({ status: 404 })
  await database.db.update(tables.run).set({ deletedAt: stage.clock.now() }).where(eq(tables.run.id, runId))
  expect(await logInputs([input()])).toMatchObject({ status: 400 })
})
