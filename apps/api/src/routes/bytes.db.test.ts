import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import { createApiKey, writeArtifact } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { runSeeder } from '@modelyard/services/testing/runs'
import { createMetrics } from '@modelyard/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiServer } from '../server.ts'
import { byteRoutes } from './bytes.ts'
import { mlflowSurface } from './mlflow.ts'

const MAX_BYTES = 3_000_000
const faults: object[] = []
const log = { info: () => {}, warn: () => {}, error: (detail: object) => void faults.push(detail) }
let database: TestDatabase
let stage: TestStage
let server: ReturnType<typeof createApiServer>
let port: number
let key: string
let runId: string
let number: number
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  const { addRun, experimentNamed } = runSeeder(stage)
  runId = await addRun({ name: 'served' })
  number = (await experimentNamed('first')).number
  const wanted = {
    name: 'ci',
    scopes: ['write' as const],
    project: 'digits',
    expiresInDays: 1,
    idempotencyKey: 'one-key',
  }
  key = (await createApiKey(stage.as('admin'), wanted)).secret
  server = createApiServer({
    routes: byteRoutes(async (token) =>
      token === 'viewer' ? stage.as('viewer') : token === 'stranger' ? stage.stranger : null,
    ),
    probe: () => false,
    isWaiting: () => false,
    raw: mlflowSurface({
      ctxOf: (principal) => ({ ...stage.ctx(principal), maxArtifactBytes: MAX_BYTES }),
      log,
      hosts: [],
    }),
    fallback: () => null,
    log,
    metrics: createMetrics('api', { version: 'test' }),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  stage.close()
  await database.drop()
})

const place = () => ({ project: 'digits', owner: { kind: 'run' as const, id: runId } })
const store = (path: string, text: string) =>
  writeArtifact(stage.as('editor'), { ...place(), path, body: Readable.from([Buffer.from(text)]) })
const get = (target: string, headers: Record<string, string> = {}, who = 'viewer') =>
  fetch(`http://127.0.0.1:${port}${target}`, { headers: { authorization: `Bearer ${who}`, ...headers } })
const artifact = (path: string) => `/projects/digits/artifacts/${runId}?path=${encodeURIComponent(path)}`
const onWire = (path: string) => `/api/2.0/mlflow-artifacts/artifacts/${number}/${hexOfId(runId)}/artifacts/${path}`
const asEditor = () => ({ authorization: `Bearer ${key}` })

test('a file of a run is served whole and in parts, as a download nothing runs', async () => {
  await store('page.html', '<script>0</script>')
  const whole = await get(artifact('page.html'))
  expect([whole.status, await whole.text()]).toEqual([200, '<script>0</script>'])
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'text/html',
    'content-disposition': 'attachment; filename=page.html',
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  })
  const part = await get(artifact('page.html'), { range: 'bytes=1-6' })
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'script', 'bytes 1-6/18'])
  const known = await get(artifact('page.html'), { 'if-none-match': whole.headers.get('etag') ?? '' })
  expect([known.status, await known.text()]).toEqual([304, ''])
})

test('blobs of a project are served in parts too', async () => {
  const { sha256 } = await store('digits.txt', '0123456789')
  const part = await get(`/projects/digits/blobs/${sha256}`, { range: 'bytes=-3' })
  expect([part.status, await part.text(), part.headers.get('etag')]).toEqual([206, '789', `"${sha256}"`])
  const beyond = await get(`/projects/digits/blobs/${sha256}`, { range: 'bytes=10-' })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10'])
})

test.each(['../x', '/etc/passwd', 'a\\b', '%2e%2e/x', 'a//b'])('the path %s is refused', async (path) => {
  expect((await get(artifact(path))).status).toBe(400)
})

test('who is nobody is told so, and who is elsewhere finds nothing', async () => {
  await store('x', 'x')
  expect((await get(artifact('x'), {}, 'nobody')).status).toBe(401)
  expect((await get(artifact('x'), {}, 'stranger')).status).toBe(404)
  expect((await get(artifact('x').replace('run_', 'mv_'))).status).toBe(404)
})

test('a body beyond the limit is refused while it comes, and the connection goes on', async () => {
  const chunk = 'x'.repeat(500_000)
  const body = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(8)
  const head = (method: string, target: string, more: string) =>
    `${method} ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n${more}\r\n`
  const socket = connect(port, '127.0.0.1')
  socket.write(`${head('PUT', onWire('big'), 'transfer-encoding: chunked\r\n')}${body}0\r\n\r\n`)
  socket.write(head('GET', onWire('big'), 'connection: close\r\n'))
  const answer = String(Buffer.concat(await socket.toArray()))
  expect(answer.match(/HTTP\/1.1 (\d+)/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 404'])
})

test('an upload that breaks off changes nothing, and is no fault of ours', async () => {
  await store('kept', 'as it was')
  const socket = connect(port, '127.0.0.1')
  const head = `PUT ${onWire('kept')} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-length: 100000\r\n\r\n`
  socket.write(head + 'y'.repeat(50_000))
  await wait(150)
  socket.destroy()
  await wait(150)
  expect(await (await get(artifact('kept'))).text()).toBe('as it was')
  expect(faults).toEqual([])
})

test('a download that is broken off is no fault of ours either', async () => {
  const bytes = Buffer.alloc(MAX_BYTES, 'z')
  const put = await fetch(`http://127.0.0.1:${port}${onWire('long')}`, {
    method: 'PUT',
    headers: asEditor(),
    body: bytes,
  })
  expect(put.status).toBe(200)
  for (const target of [artifact('long'), onWire('long')]) {
    const who = target === artifact('long') ? 'viewer' : key
    const answer = await get(target, {}, who)
    await answer.body?.cancel()
  }
  await wait(150)
  expect(faults).toEqual([])
})
