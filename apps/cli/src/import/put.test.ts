import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { putStream } from './put.ts'
import { Refused } from './wire.ts'

let http: HttpServer | null = null
afterEach(() => {
  http?.close()
  http?.closeAllConnections()
})

async function serving(answer: RequestListener): Promise<string> {
  http = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => http?.once('listening', resolve))
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/file`
}
const server = { base: '', headers: { authorization: 'Bearer key' } }

test('the source is read only as fast as the other side takes it', async () => {
  let made = 0
  let taken = 0
  let ahead = 0
  const url = await serving(async (request, response) => {
    for await (const bytes of request) {
      taken += (bytes as Buffer).length
      ahead = Math.max(ahead, made - taken)
      if (taken < 20_000_000) await sleep(1)
    }
    response.end('{}')
  })
  function* parts() {
    for (; made < 60_000_000; made += 65_536) yield Buffer.alloc(65_536)
  }
  await putStream(server, url, [Readable.from(parts()), new PassThrough()])
  expect(taken).toBe(made)
  expect(ahead).toBeLessThan(20_000_000)
})

test('a no is told as one, whether it comes before the last byte or after', async () => {
  const url = await serving((request, response) => {
    const late = request.headers['x-late'] === 'yes'
    const say = () => response.writeHead(403).end('{"error_code":"PERMISSION_DENIED","message":"not yours"}')
    if (late) request.resume().on('end', say)
    else say()
  })
  for (const late of ['yes', 'no']) {
    const body = Readable.from([Buffer.alloc(100_000)])
    const sent = putStream({ ...server, headers: { 'x-late': late } }, url, [body, new PassThrough()])
    await expect(sent).rejects.toBeInstanceOf(Refused)
    await expect(sent).rejects.toMatchObject({ status: 403, message: '/file: not yours' })
  }
})

test('a source that breaks breaks the sending', async () => {
  const url = await serving((request) => request.resume())
  async function* broken() {
    yield Buffer.alloc(10)
    throw Object.assign(new Error('gone'), { code: 'ECONNRESET' })
  }
  await expect(putStream(server, url, [Readable.from(broken()), new PassThrough()])).rejects.toThrow('gone')
})
