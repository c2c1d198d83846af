/** Weaknesses of MLflow's server that reach for files, tried on ours; each test names the reports it repeats. */
import { Buffer } from 'node:buffer'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { API, ESCAPES, expectRefused, FILES, SOURCES } from './testing/hostile.ts'
import { mlflowScene, type Scene, SECRET } from './testing/scene.ts'
import type { Wire } from './testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let scene: Scene
let send: Wire
let folder: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  scene = await mlflowScene(stage)
  send = scene.editor
  folder = `${scene.things.experimentId}/${scene.things.runId}/artifacts`
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const create = (source: string, more: object = {}) =>
  send('POST', `${API}/model-versions/create`, { body: { name: 'scene', source, ...more } })
const text = (body: string | Buffer, type = 'text/plain') => ({ body, headers: { 'content-type': type } })

test.each(ESCAPES)(
  'CVE-2023-3765 -6909 -6977 -6753 -6831 -6015 -6018 -6976 -6940, CVE-2024-1560 -8859 -0520: the path %s escapes nothing',
  async (path) => {
    const at = `${FILES}/artifacts/${folder}/${path}`
    expectRefused(await send('GET', at))
    expectRefused(await send('PUT', at, text('planted')), [200, 400, 404])
    expectRefused(await send('DELETE', at), [200, 400, 404])
    expectRefused(await send('GET', `${FILES}/artifacts?path=${folder}/${encodeURIComponent(path)}`), [200, 400, 404])
    expectRefused(await send('GET', `${FILES}/artifacts?path=${encodeURIComponent(path)}`), [200, 400, 404])
    expectRefused(await send('GET', `${FILES}/artifacts/${path}`))
    expect((await send('GET', `${FILES}/artifacts/${folder}/dir/secret.txt`)).bytes.toString()).toBe(SECRET)
  },
)

test('what was planted under a name of dots and backslashes is a name and no way', async () => {
  const listed = await send('GET', `${API}/artifacts/list?run_id=${scene.things.runId}`)
  const paths = (listed.json as { files?: { path: string }[] }).files?.map((file) => file.path) ?? []
  for (const path of paths) expect(path.split(/[\\/]/)).not.toContain('..')
})

test.each(ESCAPES)('issue 7166: get-artifact and listings take no %s', async (path) => {
  const raw = encodeURIComponent(path)
  const { runId, modelId } = scene.things
  expectRefused(await send('GET', `/get-artifact?run_id=${runId}&path=${path}`))
  expectRefused(await send('GET', `/get-artifact?run_id=${runId}&path=${raw}`))
  expectRefused(await send('GET', `/model-versions/get-artifact?name=scene&version=1&path=${raw}`))
  expectRefused(await send('GET', `${API}/artifacts/list?run_id=${runId}&path=${raw}`), [200, 400])
  expectRefused(await send('GET', `${API}/logged-models/${modelId}/artifacts/files?artifact_file_path=${raw}`))
})

test.each(SOURCES)(
  'CVE-2023-1177 -2356 -2780, CVE-2024-1483 -1558 -1593 -1594 -2928 -3848 -3573, CVE-2025-11201, CVE-2023-4033, CVE-2026-0596: a version is not made from %s',
  async (source) => {
    expectRefused(await create(source))
    const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }]
    expectRefused(await create(source, { tags }))
  },
)

test('CVE-2026-2614: the tag of prompts opens no source', async () => {
  const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }]
  expectRefused(await create('/etc', { tags }))
  expectRefused(await create('file:///etc/passwd', { tags }))
})

test.each([
  'file:///etc',
  'http:///#/../../etc',
  'mlflow-artifacts:/0/../..',
  's3://bucket/x;a=b',
  'http://127.0.0.1:1',
])('CVE-2023-6974, CVE-2024-1594: an experiment asked for at %s keeps its files here', async (artifact_location) => {
  const name = `at ${artifact_location}`
  const made = await send('POST', `${API}/experiments/create`, { body: { name, artifact_location } })
  expect([200, 400]).toContain(made.status)
  if (made.status !== 200) return
  const id = made.at('experiment_id')
  const read = await send('GET', `${API}/experiments/get?experiment_id=${id}`)
  expect(read.at('experiment.artifact_location')).toBe(`mlflow-artifacts:/${id}`)
})

test.each(['../../etc', '..', '/etc', 'a/../../b'])(
  'CVE-2023-6015, CVE-2024-0520: a dataset, a model and a run called %s are names and no paths',
  async (name) => {
    const { runId: run_id, experimentId: experiment_id } = scene.things
    const dataset = { name, digest: 'abc', source_type: 'http', source: '{"url":"http://x/../../etc"}' }
    const logged = await send('POST', `${API}/runs/log-inputs`, { body: { run_id, datasets: [{ dataset }] } })
    expectRefused(logged, [200, 400])
    expectRefused(await send('POST', `${API}/registered-models/create`, { body: { name } }), [400])
    expectRefused(await send('POST', `${API}/logged-models`, { body: { experiment_id, name } }), [400])
    expectRefused(
      await send('POST', `${API}/runs/log-metric`, { body: { run_id, key: name, value: 1, timestamp: 1 } }),
      [400],
    )
    expectRefused(await send('POST', `${API}/runs/log-parameter`, { body: { run_id, key: name, value: '1' } }), [400])
  },
)

test.each([
  ['x.html', 'text/html', '<script>alert(1)</script>'],
  ['x.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['MLmodel', 'text/html', '!!python/object/apply:os.system ["id"]'],
  ['x.xhtml', 'application/xhtml+xml', '<html/>'],
  ['x.pkl', 'text/html', 'cos\nsystem\n(S"id"\ntR.'],
])(
  'CVE-2023-6568, CVE-2024-27132 -27133, issue 21435, CVE-2024-37052..37061 -27134, CVE-2025-10279: %s comes back as a file to keep, of a type of ours',
  async (name, type, body) => {
    const at = `${FILES}/artifacts/${folder}/${name}`
    expect((await send('PUT', at, text(body, type))).status).toBe(200)
    for (const target of [at, `/get-artifact?run_id=${scene.things.runId}&path=${name}`]) {
      const { headers, bytes } = await send('GET', target)
      expect(bytes.toString()).toBe(body)
      expect(headers.get('content-disposition')).toMatch(/^attachment/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-type')).not.toBe(name === 'x.pkl' ? type : '')
    }
  },
)

test('CVE-2023-6568: no header and no field comes back as a page', async () => {
  const answer = await send('POST', `${API}/runs/get`, text('{}', '<script>alert(1)</script>'))
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.bytes.toString()).not.toContain('<script>')
})

test('CVE-2025-15031, issue 18964: an archive is a file and is never unpacked', async () => {
  const archive = Buffer.concat([Buffer.from('../../../tmp/owned'.padEnd(100, '\0')), Buffer.alloc(924)])
  const at = `${FILES}/artifacts/${folder}/archive.tar`
  await send('PUT', at, text(archive, 'application/x-tar'))
  expect((await send('GET', at)).bytes).toEqual(archive)
  const listed = await send('GET', `${API}/artifacts/list?run_id=${scene.things.runId}&path=archive.tar`)
  expect(listed.bytes.toString()).not.toContain('owned')
})
