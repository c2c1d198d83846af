import { buffer } from 'node:stream/consumers'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createModel } from '../model/create.ts'
import { getModelVersion } from '../model/read.ts'
import { registerFromSource } from '../model/register-from-source.ts'
import { linearModel, type ModelStage, modelStage } from '../testing/models.ts'
import { type RegistryStage, registryStage } from '../testing/registry.ts'
import { listArtifactFolder } from './list.ts'
import { openArtifact } from './open.ts'

const project = 'digits'
let database: TestDatabase
let stage: ModelStage
let logged: RegistryStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  logged = registryStage(database.db, stage)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const of = (id: string) => ({ project, owner: { kind: 'model_version' as const, id } })
const list = async (id: string, folder = '') =>
  (await listArtifactFolder(stage.as('viewer'), { ...of(id), folder })).entries
const open = (id: string) => openArtifact(stage.as('viewer'), { ...of(id), path: 'MLmodel' })

async function registered(model: string, files: Record<string, string | Uint8Array>) {
  const { id, hex } = await logged.run(files)
  await createModel(stage.as('editor'), { project, model, description: '' })
  const unsaid = { runId: null, loggedModelId: null, tags: [], runLink: '', description: '' }
  const made = await registerFromSource(stage.as('editor'), { project, model, source: `runs:/${hex}/m`, ...unsaid })
  return { runId: id, id: made.id }
}

test('what a job made is described to MLflow clients beside its file, always in the same words', async () => {
  const { job, register, blob } = await stage.train({ model: 'made' })
  const { id } = await register()
  const { sizeBytes, sha256, read } = await open(id)
  const bytes = await buffer(await read())
  expect(await list(id)).toEqual([
    { name: 'MLmodel', sizeBytes: bytes.length },
    { name: 'model.onnx', sizeBytes: blob.sizeBytes },
  ])
  expect({ sizeBytes, sha256 }).toEqual({ sizeBytes: bytes.length, sha256: stage.as('viewer').sha256(String(bytes)) })
  expect(await buffer(await read({ start: 2, end: 5 }))).toEqual(bytes.subarray(2, 6))
  expect(await buffer(await (await open(id)).read())).toEqual(bytes)
  const { flavors, signature, ...facts } = parse(String(bytes))
  expect(facts).toEqual({
    run_id: hexOfId(job.runId),
    model_uuid: hexOfId(id),
    utc_time_created: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
  })
  expect(flavors).toMatchObject({
    onnx: { data: 'model.onnx' },
    python_function: { loader_module: 'mlflow.onnx', data: 'model.onnx' },
  })
  expect(JSON.parse(signature.inputs)).toEqual([
    { type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 2] } },
  ])
  expect(JSON.parse(signature.outputs)).toEqual([
    { name: 'p', type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 2] } },
  ])
})

test('it is no file of the version, and what a client wrote itself is left as it is', async () => {
  const own = await registered('own', { 'm/MLmodel': 'flavors: {}', 'm/model.onnx': linearModel(2, 71) })
  expect(String(await buffer(await (await open(own.id)).read()))).toBe('flavors: {}')
  const bare = await registered('bare', { 'm/in/a.onnx': linearModel(2, 72), 'm/readme.txt': 'x' })
  expect((await list(bare.id)).map(({ name }) => name)).toEqual(['MLmodel', 'in', 'readme.txt'])
  expect((await list(bare.id, 'in')).map(({ name }) => name)).toEqual(['a.onnx'])
  const { flavors } = parse(String(await buffer(await (await open(bare.id)).read())))
  expect(Object.keys(flavors)).toEqual(['onnx'])
  const { files } = await getModelVersion(stage.as('viewer'), { project, modelVersionId: bare.id })
  expect(files.map(({ path }) => path)).toEqual(['in/a.onnx', 'readme.txt'])
})

test('files that nobody opened are not described', async () => {
  const { id } = await registered('opaque', { 'm/model.pkl': 'pickled' })
  expect(await list(id)).toEqual([{ name: 'model.pkl', sizeBytes: 7 }])
  await expect(open(id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(open('mv_00000000000000000000000000')).rejects.toMatchObject({ code: 'not_found' })
})
