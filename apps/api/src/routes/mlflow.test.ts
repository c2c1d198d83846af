import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '@modelyard/services'
import { createMetrics } from '@modelyard/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiServer } from '../server.ts'
import { mlflowSurface } from './mlflow.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const metrics = createMetrics('api', { version: 'test' })
/** Nobody has a key here: what is tried is what happens before anybody is known. */
const ctxOf = () => ({ sha256: () => refuse('unauthenticated', 'no keys'), now: () => new Date(0) }) as unknown as Ctx
const server = createApiServer({
  routes: [],
  probe: () => false,
  isWaiting: () => false,
  raw: mlflowSurface({ ctxOf, log, hosts: ['yard'] }),
  fallback: () => null,
  log,
  metrics,
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** Raw bytes over one connection, which no client has normalised. */
async function exchange(request: string): Promise<string> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const socket = connect(address.port, '127.0.0.1')
  socket.write(request)
  return text(socket)
}
const head = (method: string, target: string, more = '') =>
  `${method} ${target} HTTP/1.1\r\nhost: yard\r\nauthorization: Bearer x\r\n${more}`
const LAST = 'connection: close\r\n\r\n'

test.each(['/api/2.0/mlflow/runs/get', '//api/2.0/mlflow/x', '/api/%2e%2e/trpc', '/projects/digits/api/x', '/version'])(
  '%s takes a key',
  async (target) => {
    const answer = await exchange(head('GET', target, LAST))
    expect(answer).toMatch(/^HTTP\/1.1 401 /)
    expect(answer).toContain('www-authenticate: Basic realm="mlflow"')
    expect(answer).toContain('"error_code":"UNAUTHENTICATED"')
  },
)

test.each(['/', '/trpc/x', '/projects/digits/blobs/x', '/apis'])('%s is none of its business', async (target) => {
  expect(await exchange(head('GET', target, LAST))).toContain('"code":"not_found"')
})

test('a refused body passes by, and the connection carries the next request', async () => {
  const put = `${head('PUT', '/api/2.0/mlflow-artifacts/artifacts/a', 'content-length: 300000\r\n\r\n')}${'x'.repeat(300_000)}`
  const answer = await exchange(`${put}${head('GET', '/version', LAST)}`)
  expect(answer.match(/HTTP\/1.1 401 /g)).toHaveLength(2)
})

test('a name that is not ours is turned away before the key is looked at', async () => {
  const answer = await exchange('GET /version HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 403 /)
})

test('metrics name the endpoint and never the path', async () => {
  await exchange(head('GET', '/api/2.0/mlflow/secret-name', LAST))
  expect(await metrics.registry.metrics()).not.toContain('secret-name')
})
