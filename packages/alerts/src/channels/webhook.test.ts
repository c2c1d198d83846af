import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { webhook } from './webhook.ts'

const secret = webhook.formatSecret(Buffer.alloc(32, 7))
const message = {
  id: 'dlv_1',
  at: new Date('2026-01-01T00:00:00Z'),
  transition: 'fired',
  payload: { alertId: 'alt_1' },
} as const
let server: Server | null = null

async function receiver(
  answer: (request: IncomingMessage, body: string) => { status: number; headers?: Record<string, string> },
) {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const { status, headers } = answer(request, body)
      response.writeHead(status, headers).end('ok')
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, allow: [`127.0.0.1:${port}`] }
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('webhook', () => {
  it('signs what it sends so that a Standard Webhooks library verifies it', async () => {
    const seen: unknown[] = []
    const { url, allow } = await receiver((request, body) => {
      seen.push(new Webhook(secret).verify(body, request.headers as Record<string, string>))
      expect(request.headers['webhook-id']).toBe('dlv_1')
      return { status: 204 }
    })
    expect(await webhook.send({ url }, message, { secret, allow })).toEqual({
      kind: 'http',
      status: 204,
      retryAfterMs: null,
    })
    expect(seen).toEqual([{ type: 'alert.fired', timestamp: '2026-01-01T00:00:00.000Z', data: { alertId: 'alt_1' } }])
  })

  it('reports 429 with its Retry-After and follows no redirect', async () => {
    let calls = 0
    const { url, allow } = await receiver(() => {
      calls++
      const headers: Record<string, string> = calls === 1 ? { 'retry-after': '7' } : { location: '/elsewhere' }
      return { status: calls === 1 ? 429 : 302, headers }
    })
    expect(await webhook.send({ url }, message, { secret, allow })).toEqual({
      kind: 'http',
      status: 429,
      retryAfterMs: 7000,
    })
    expect(await webhook.send({ url }, message, { secret, allow })).toMatchObject({ kind: 'http', status: 302 })
    expect(calls).toBe(2)
  })

  it('does not connect to a private address nobody allowed', async () => {
    let calls = 0
    const { url } = await receiver(() => {
      calls++
      return { status: 200 }
    })
    expect(await webhook.send({ url }, message, { secret, allow: [] })).toMatchObject({ kind: 'network' })
    await expect(webhook.check({ url }, { allow: [] })).rejects.toMatchObject({
      code: 'invalid',
      field: 'settings.url',
    })
    expect(calls).toBe(0)
  })

  it('reports a refused connection as a network failure', async () => {
    expect(
      await webhook.send({ url: 'http://127.0.0.1:1/' }, message, { secret, allow: ['127.0.0.1:1'] }),
    ).toMatchObject({ kind: 'network' })
  })
})
