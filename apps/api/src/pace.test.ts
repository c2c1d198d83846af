import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepPace } from './pace.ts'

const pace = { checkMs: 100, minBytesPerS: 1_000 }
let server: Server
let take: (request: IncomingMessage) => void
beforeAll(async () => {
  server = createServer((request, response) => {
    request.on('error', () => {})
    keepPace(request, pace)
    take(request)
    request.on('end', () => response.end('taken'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** An upload of 4000 announced bytes, of which the caller sends what it likes. */
async function upload(): Promise<{ socket: Socket; answer: () => string; ended: Promise<unknown> }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (bytes) => {
    text += String(bytes)
  })
  socket.on('error', () => {})
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write('PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\nConnection: close\r\n\r\n')
  return { socket, answer: () => text, ended }
}

test('a body that trickles is cut', async () => {
  take = (request) => request.resume()
  const { socket, answer, ended } = await upload()
  const trickle = setInterval(() => socket.write('x'), 20)
  await ended
  clearInterval(trickle)
  expect(answer()).toBe('')
})

test('a steady one is taken, however long it takes', async () => {
  take = (request) => request.resume()
  const { socket, answer, ended } = await upload()
  for (let sent = 0; sent < 4_000; sent += 400) {
    socket.write('x'.repeat(400))
    await wait(50)
  }
  await ended
  expect(answer()).toContain('taken')
})

test('when we are the slow ones nobody is cut', async () => {
  take = (request) => void wait(450).then(() => request.resume())
  const { socket, answer, ended } = await upload()
  socket.write('x'.repeat(3_000))
  await wait(400)
  socket.write('x'.repeat(1_000))
  await ended
  expect(answer()).toContain('taken')
})
