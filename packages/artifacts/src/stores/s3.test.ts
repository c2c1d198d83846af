import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BlobStore } from '../store.ts'
import { blob, broken, newUpload, part, sha256, stretch } from '../testing/bytes.ts'
import { conformance } from '../testing/conformance.ts'
import { BUCKET, CREDENTIALS, type S3Server, startS3Server } from '../testing/s3-server.ts'
import { createS3Store } from './s3.ts'

const spoolDir = mkdtempSync(join(tmpdir(), 'modelyard-spool-'))
let server: S3Server
let client: S3Client
let store: BlobStore
let prefix: string
let made = 0
beforeAll(async () => {
  server = await startS3Server()
  const { endpoint } = server
  client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: CREDENTIALS })
})
beforeEach(() => {
  prefix = `yard-${made++}/`
  store = open()
})
afterAll(async () => {
  client.destroy()
  await server.stop()
  rmSync(spoolDir, { recursive: true, force: true })
})

const open = (credentials = CREDENTIALS) =>
  createS3Store({
    ...{ bucket: BUCKET, prefix, region: 'us-east-1', endpoint: server.endpoint, pathStyle: true },
    ...{ credentials, spoolDir },
  })
const keys = async () => {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }))
  return Contents.map(({ Key = '' }) => Key.slice(prefix.length))
}

conformance(() => store)

test('a blob is one object under the prefix; what went wrong leaves none, in the bucket and in the spool', async () => {
  const bytes = Buffer.from('twice')
  const hash = sha256(bytes)
  const id = newUpload()
  await store.put(bytes)
  await store.write(Readable.from([bytes]))
  await store.append(id, part(bytes))
  await store.complete(id, blob(bytes))
  await store.discard(id)
  await expect(store.write(broken('half'))).rejects.toThrow('aborted')
  await expect(store.write(Readable.from([bytes]), { maxBytes: 3 })).rejects.toMatchObject({ code: 'too_large' })
  expect(await keys()).toEqual([`blobs/${hash.slice(0, 2)}/${hash}`])
  expect(readdirSync(spoolDir)).toEqual([])
})

test('a large body goes out in parts and comes back the same', async () => {
  const { body, blob: expected } = stretch(40)
  await store.write(body)
  const range = { start: (8 << 20) - 2, end: (8 << 20) + 1 }
  const across = await (await store.open(expected.sha256, range)).toArray()
  expect(Buffer.concat(across)).toEqual(Buffer.from([2, 2, 3, 3]))
  expect(await store.size(expected.sha256)).toBe(expected.sizeBytes)
})

test('another process goes on with an upload, whose parts overlap in any way', async () => {
  const bytes = Buffer.from('abcdefghijklmnop')
  const id = newUpload()
  const other = open()
  const gate = Promise.withResolvers<void>()
  const slow = (async function* () {
    await gate.promise
    yield bytes.subarray(4, 7)
  })()
  await store.append(id, part(bytes.subarray(0, 4)))
  const late = other.append(id, { offset: 4, body: Readable.from(slow), maxBytes: 100 })
  expect(await store.append(id, part(bytes.subarray(4, 10), 4))).toBe(10)
  gate.resolve()
  await late
  expect(await other.received(id)).toBe(10)
  expect(await other.append(id, part(bytes.subarray(8), 8))).toBe(16)
  await store.complete(id, blob(bytes))
  expect(await other.whole(sha256(bytes), 100)).toEqual(bytes)
})

test('a server that refuses says so; it is not taken for one that lacks the blob', async () => {
  const stranger = open({ accessKeyId: 'NOBODY', secretAccessKey: 'wrong' })
  await expect(stranger.put(Buffer.from('x'))).rejects.toThrow()
  await expect(stranger.open('a'.repeat(64))).rejects.not.toMatchObject({ code: 'not_found' })
})
