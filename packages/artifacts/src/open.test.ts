import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, STORES } from './open.ts'
import { BUCKET, CREDENTIALS, type S3Server, startS3Server } from './testing/s3-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'modelyard-open-'))
const before = { ...process.env }
let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
  process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey
})
afterAll(async () => {
  process.env = before
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('without an address the folder is the store', async () => {
  const bytes = Buffer.from('here')
  const { sha256 } = await openStore({ dir }).put(bytes)
  expect(await openStore({ url: pathToFileURL(dir).href, dir: '/nowhere' }).size(sha256)).toBe(4)
  expect(await openStore({ url: '', dir }).size(sha256)).toBe(4)
})

test('an address of S3 says all but the credentials', async () => {
  const endpoint = encodeURIComponent(server.endpoint)
  const url = `s3://${BUCKET}/some/where?endpoint=${endpoint}&style=path&region=eu-central-1`
  const { sha256 } = await openStore({ url, dir }).put(Buffer.from('there'))
  expect(await openStore({ url: url.replace('where', 'where/'), dir }).size(sha256)).toBe(5)
  expect(await openStore({ url: url.replace('where', 'else'), dir }).size(sha256)).toBeNull()
})

test.each([
  ['gs://bucket', 'unsupported'],
  ['bucket', 'unsupported'],
  ['s3://', 'invalid'],
  ['s3://bucket?style=other', 'invalid'],
  ['s3://key:secret@bucket', 'invalid'],
])('the address %s is refused', (url, code) => {
  expect(() => openStore({ url, dir })).toThrow(expect.objectContaining({ code }))
})

test('every kind has an example that is an address', () => {
  for (const { scheme, address } of STORES) expect(new URL(address).protocol).toBe(scheme)
})
