import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDiskStore } from './stores/disk.ts'

const MIB = 1 << 20
const dir = mkdtempSync(join(tmpdir(), 'modelyard-lane-'))
const store = createDiskStore({ dir })
const blobs = new Map<string, Buffer>()
let server: Server

beforeAll(async () => {
  for (let seed = 0; seed < 6; seed++) {
    const bytes = randomBytes(24 * MIB + seed)
    blobs.set((await store.put(bytes)).sha256, bytes)
  }
  server = createServer(async ({ url = '' }, response) => {
    const sha256 = url.slice(1)
    const length = blobs.get(sha256)?.byteLength ?? 0
    const body = await store.open(sha256)
    await pipeline(body, response.writeHead(200, { 'content-length': length })).catch(() => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true, force: true })
})

const port = () => (server.address() as AddressInfo).port
const ask = (sha256: string) =>
  new Promise<IncomingMessage>((resolve, reject) =>
    get({ port: port(), path: `/${sha256}`, agent: false }, resolve).once('error', reject),
  )
/** Files of the store that this process has open. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(dir)
    } catch {
      return false
    }
  })

test('a slow reader is sent what the file holds, although its memory is read into again and again', async () => {
  for (const [sha256, bytes] of blobs) {
    const response = await ask(sha256)
    const parts: Buffer[] = []
    for await (const part of response) {
      parts.push(part)
      if (parts.length % 64 === 0) await sleep(5)
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
  }
})

test('many readers at once, some of whom hang up in the middle, all have their own bytes', async () => {
  const readers = [...blobs, ...blobs].map(async ([sha256, bytes], index) => {
    const response = await ask(sha256)
    if (index % 3 > 0) return (await buffer(response)).equals(bytes)
    await new Promise((resolve) => response.once('data', resolve))
    response.destroy()
    return true
  })
  expect(new Set(await Promise.all(readers))).toEqual(new Set([true]))
})

test.runIf(process.platform === 'linux')('whoever hangs up leaves no file open', async () => {
  for (const sha256 of blobs.keys()) {
    const response = await ask(sha256)
    await new Promise((resolve) => response.once('data', resolve))
    response.destroy()
  }
  await vi.waitFor(() => expect(openFiles()).toEqual([]), 5_000)
})

test.runIf(process.platform === 'linux')('nor does who asks twice on a connection and hangs up', async () => {
  const [first, second] = [...blobs.keys()]
  const socket = connect(port(), '127.0.0.1')
  socket.write([first, second].map((sha256) => `GET /${sha256} HTTP/1.1\r\nHost: here\r\n\r\n`).join(''))
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  await vi.waitFor(() => expect(openFiles().length).toBeGreaterThan(1), 5_000)
  socket.destroy()
  await vi.waitFor(() => expect(openFiles()).toEqual([]), 5_000)
})

test('what keeps the pieces that it is given is given copies', async () => {
  const [[sha256, bytes] = ['', Buffer.alloc(0)]] = blobs
  const kept = new PassThrough({ highWaterMark: 64 * MIB })
  await pipeline(await store.open(sha256), kept)
  expect((await buffer(kept)).equals(bytes)).toBe(true)
})
