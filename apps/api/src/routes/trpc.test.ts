import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createMetrics } from '@modelyard/telemetry'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiServer } from '../server.ts'
import { longPollOf, trpcFallback } from './trpc.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const metrics = createMetrics('api', { version: 'test' })
const hub = {
  arm: () => ({ wait: async () => {}, disarm: () => {} }),
  changes: async function* () {},
  alive: () => true,
}
const fallback = trpcFallback({ ctxFor: async () => null, hub, log, metrics })
const isWaiting = (request: Parameters<typeof longPollOf>[0]) => longPollOf(request) !== null
const raw = { takes: () => false, answer: async () => {} }
const server = createApiServer({ routes: [], probe: () => false, isWaiting, raw, fallback, log, metrics })

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

test('a body that is announced to be too large is refused before any of it comes', async () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const socket = connect(address.port, '127.0.0.1')
  socket.write('POST /trpc/console.account.viewer HTTP/1.1\r\nhost: api\r\ncontent-length: 10000000000\r\n\r\n{')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1.1 413 /)
  expect(answer).toContain('"code":"too_large"')
})
