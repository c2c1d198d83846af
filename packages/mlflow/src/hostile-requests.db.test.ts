/** Weaknesses of MLflow's server at its doors, tried on ours; each test names the reports it repeats. */
import { Buffer } from 'node:buffer'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { type Ctx, createApiKey, enterProject } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMlflowHandler } from './handler.ts'
import { API, expectRefused, FILES } from './testing/hostile.ts'
import { mlflowScene, type Scene } from './testing/scene.ts'
import { type Wire, wireTo } from './testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let scene: Scene
let send: Wire
/** Behind the real door: whoever comes brings a key. */
let knock: Wire
let folder: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  scene = await mlflowScene(stage)
  send = scene.editor
  folder = `${scene.things.experimentId}/${scene.things.runId}/artifacts`
  const doorkeeper: Ctx = stage.as('viewer')
  const enter: Parameters<typeof createMlflowHandler>[0]['enter'] = async (entry) => {
    const { principal, scope } = await enterProject(doorkeeper, entry)
    return { ...stage.ctx(principal), scope }
  }
  knock = wireTo(createMlflowHandler({ enter, gate: { hosts: [] }, log: doorkeeper.log }))
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

test('CVE-2026-2651: nobody reaches the files of another project past the artifact routes', async () => {
  const part = { body: { path: 'secret.txt', num_parts: 1 } }
  for (const step of ['create', 'complete', 'abort']) {
    expect((await scene.stranger('POST', `${FILES}/mpu/${step}/${folder}`, part)).status).toBe(501)
    expect((await knock('POST', `${FILES}/mpu/${step}/${folder}`, part)).status).toBe(401)
  }
  expect((await scene.stranger('GET', `${FILES}/presigned/${folder}/dir/secret.txt`)).status).toBe(501)
  expect((await knock('GET', `${FILES}/presigned/${folder}/dir/secret.txt`)).status).toBe(401)
})

test.each([
  ['POST', '/v1/traces'],
  ['POST', '/ajax-api/3.0/jobs/search'],
  ['POST', '/api/3.0/mlflow/traces'],
  ['POST', '/ajax-api/2.0/mlflow/gateway-proxy'],
  ['POST', '/graphql'],
  ['POST', '/api/2.0/mlflow/users/create'],
  ['POST', '/ajax-api/2.0/mlflow/users/update-password'],
  ['POST', '/api/2.0/mlflow/users/update-admin'],
  ['GET', '/signup'],
])(
  'CVE-2026-0545 -2652, CVE-2025-0453 -52967 -1473 -1474, CVE-2023-6014: %s %s is behind the same door, and nothing stands there',
  async (method, target) => {
    const outside = await knock(method, target, { body: {} })
    if (!/^\/(graphql|signup)/.test(target)) expect(outside.status).toBe(401)
    expect((await scene.admin(method, target, { body: {} })).json).toMatchObject({ error_code: 'ENDPOINT_NOT_FOUND' })
  },
)

test.each(['admin:password1234', 'admin:password', 'admin:', ':', 'mlflow:mlflow'])(
  'CVE-2026-2635, CVE-2025-11200: %s opens nothing',
  async (login) => {
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`
    expect((await knock('GET', '/version', { headers: { authorization } })).status).toBe(401)
  },
)

test('a key comes as bearer token or as a Basic password, and not in the address', async () => {
  const wanted = { project: 'digits', name: 'ci', scopes: ['read' as const], expiresInDays: 1 }
  const { secret } = await createApiKey(stage.as('admin'), { ...wanted, idempotencyKey: 'hostile-0001' })
  const basic = Buffer.from(`anybody:${secret}`).toString('base64')
  for (const authorization of [`Bearer ${secret}`, `Basic ${basic}`])
    expect((await knock('GET', '/version', { headers: { authorization } })).status).toBe(200)
  expect((await knock('GET', `/version?token=${secret}`)).status).toBe(401)
  const bearer = { authorization: `Bearer ${secret}` }
  const written = await knock('POST', `${API}/experiments/create`, { body: { name: 'x' }, headers: bearer })
  expect(written.status).toBe(403)
  expect((await knock('GET', `/projects/digits-b/version`, { headers: bearer })).status).toBe(404)
})

const INSIDE = [
  'http://127.0.0.1/x',
  'https://127.0.0.1/x',
  'https://localhost/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/x',
  'https://192.168.0.1/x',
  'https://172.16.0.1/x',
  'https://2130706433/x',
  'https://0177.0.0.1/x',
  'https://0x7f.1/x',
  'https://0/x',
  'file:///etc/passwd',
  'gopher://x/1',
  'ftp://example.com/x',
]

test.each(INSIDE)('CVE-2026-2393, CVE-2025-52967, issue 24768: no webhook is sent to %s', async (url) => {
  const events = [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }]
  expectRefused(await scene.admin('POST', `${API}/webhooks`, { body: { name: `to ${url}`, url, events } }))
  const changed = await scene.admin('PATCH', `${API}/webhooks/${scene.things.webhookId}`, { body: { url } })
  expectRefused(changed)
})

test.each([
  ['rebound.example', undefined],
  ['localhost', 'https://foreign.example'],
  ['localhost', 'null'],
])('CVE-2025-14279, CVE-2023-43472: a write by way of %s from %s is turned away', async (host, origin) => {
  const headers = { host, ...(origin && { origin }) }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect((await scene.admin(method, `${API}/runs/delete`, { body: {}, headers })).status).toBe(403)
})

test('CVE-2024-6838, CVE-2025-0453: what is too much is refused at once', async () => {
  const { experimentId, runId: run_id } = scene.things
  const long = 'x'.repeat(100_000)
  const search = (fields: object) =>
    send('POST', `${API}/runs/search`, { body: { experiment_ids: [experimentId], max_results: 5, ...fields } })
  const started = performance.now()
  expectRefused(await send('POST', `${API}/experiments/create`, { body: { name: long } }))
  expectRefused(await send('POST', `${API}/registered-models/create`, { body: { name: long } }))
  expectRefused(await send('POST', `${API}/runs/set-tag`, { body: { run_id, key: long, value: 'x' } }))
  expectRefused(await search({ filter: Array(20_000).fill("params.a = 'b'").join(' AND ') }))
  expectRefused(await search({ order_by: Array.from({ length: 10_000 }, (_, index) => `metrics.m${index}`) }))
  expectRefused(await search({ max_results: 50_001 }))
  expectRefused(await search({ filter: `params.a = '${'('.repeat(50_000)}` }))
  expect((await search({ filter: `tags.secret LIKE '${'%'.repeat(500)}x'` })).status).toBeLessThan(500)
  const batch = Array.from({ length: 1001 }, (_, step) => ({ key: 'a', value: 1, timestamp: 1, step }))
  expectRefused(await send('POST', `${API}/runs/log-batch`, { body: { run_id, metrics: batch } }))
  expect((await send('POST', `${API}/runs/log-batch`, { body: `"${'x'.repeat(9_000_000)}"` })).status).toBe(413)
  expect((await send('POST', `${API}/runs/log-batch`, { body: '['.repeat(100_000) })).status).toBe(400)
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('text that PostgreSQL cannot hold is a fault of the caller', async () => {
  const { runId: run_id } = scene.things
  for (const value of ['a\0b', '\ud800']) {
    expectRefused(await send('POST', `${API}/runs/set-tag`, { body: { run_id, key: 'a', value } }), [400])
    expectRefused(await send('POST', `${API}/runs/log-parameter`, { body: { run_id, key: 'b', value } }), [400])
    expectRefused(await send('POST', `${API}/experiments/create`, { body: { name: `n${value}` } }), [400])
  }
})
