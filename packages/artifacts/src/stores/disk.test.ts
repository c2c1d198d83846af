import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { formatId } from '@modelyard/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BlobStore } from '../store.ts'
import { createDiskStore } from './disk.ts'

let dir: string
let store: BlobStore
let uploads = 0
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'modelyard-disk-'))
  store = createDiskStore({ dir })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const newUpload = () => formatId('upl', 1_700_000_000_000 + uploads++, new Uint8Array(10))
const part = (bytes: Uint8Array, offset = 0) => ({ offset, body: Readable.from([bytes]), maxBytes: 1 << 20 })
const blob = (bytes: Uint8Array) => ({ sha256: sha256(bytes), sizeBytes: bytes.byteLength })
const files = (folder: string) => readdirSync(join(dir, folder), { recursive: true, withFileTypes: true })
const fileNames = (folder: string) =>
  files(folder)
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe('blobs', () => {
  test('what was put is read back whole, in ranges and by size', async () => {
    const bytes = Buffer.from('the quick brown fox')
    const stored = await store.put(bytes)
    expect(stored).toEqual(blob(bytes))
    expect(await store.put(bytes)).toEqual(stored)
    expect(await store.size(stored.sha256)).toBe(19)
    expect(await store.whole(stored.sha256, 19)).toEqual(bytes)
    expect(await buffer(await store.open(stored.sha256))).toEqual(bytes)
    expect(String(await buffer(await store.open(stored.sha256, { start: 4, end: 8 })))).toBe('quick')
    expect(String(await buffer(await store.open(stored.sha256, { start: 16, end: 2 ** 52 })))).toBe('fox')
  })

  test('what is not there or too large is refused by name', async () => {
    const absent = 'a'.repeat(64)
    expect(await store.size(absent)).toBeNull()
    await expect(store.open(absent)).rejects.toMatchObject({ code: 'not_found' })
    const { sha256: known } = await store.put(Buffer.from('12345'))
    await expect(store.whole(known, 4)).rejects.toMatchObject({ code: 'too_large', details: { sizeBytes: 5 } })
  })

  test.each([
    { start: 5, end: 9 },
    { start: -1, end: 2 },
    { start: 3, end: 2 },
    { start: 0.5, end: 2 },
    { start: Number.NaN, end: 2 },
  ])('the range $start to $end of five bytes is refused', async (range) => {
    const { sha256: known } = await store.put(Buffer.from('12345'))
    await expect(store.open(known, range)).rejects.toMatchObject({ code: 'invalid', field: 'range' })
  })

  test.each([
    '../../../etc/passwd',
    '',
    '.',
    'A'.repeat(64),
    'a'.repeat(63),
    `${'a'.repeat(63)}/`,
    'a'.repeat(65),
    '%2e%2e',
    'a\0',
  ])('the name %j is no hash, so it never meets the file system', async (name) => {
    const refused = { code: 'invalid', field: 'sha256' }
    await expect(async () => store.size(name)).rejects.toMatchObject(refused)
    await expect(async () => store.open(name)).rejects.toMatchObject(refused)
    await expect(async () => store.complete(newUpload(), { sha256: name, sizeBytes: 1 })).rejects.toMatchObject(refused)
  })
})

describe('resumable uploads', () => {
  test('parts arrive in order, are repeated and overlap, and the bytes come out once', async () => {
    const bytes = Buffer.from('0123456789')
    const id = newUpload()
    expect(await store.received(id)).toBe(0)
    expect(await store.append(id, part(bytes.subarray(0, 4)))).toBe(4)
    expect(await store.append(id, part(bytes.subarray(0, 4)))).toBe(4)
    expect(await store.append(id, part(bytes.subarray(2, 7), 2))).toBe(7)
    expect(await store.append(id, part(bytes.subarray(7), 7))).toBe(10)
    await store.complete(id, blob(bytes))
    expect(await store.whole(sha256(bytes), 100)).toEqual(bytes)
    await store.complete(id, blob(bytes))
    await store.discard(id)
    expect(await store.received(id)).toBe(0)
  })

  test('a blob that is there already is not given to whoever only names its hash', async () => {
    const stored = await store.put(Buffer.from('secret'))
    const id = newUpload()
    await expect(store.complete(id, stored)).rejects.toMatchObject({ code: 'gap' })
    await store.append(id, part(Buffer.from('guess!')))
    await expect(store.complete(id, stored)).rejects.toMatchObject({ code: 'invalid', field: 'sha256' })
    expect(String(await store.whole(stored.sha256, 10))).toBe('secret')
  })

  test('an offset that is ahead is refused with the place to go on', async () => {
    const id = newUpload()
    await store.append(id, part(Buffer.from('abc')))
    await expect(store.append(id, part(Buffer.from('x'), 5))).rejects.toMatchObject({
      code: 'gap',
      details: { next: 3 },
    })
    await expect(store.append(id, part(Buffer.from('x'), -1))).rejects.toMatchObject({ code: 'invalid' })
    await expect(store.append(id, part(Buffer.from('x'), 1.5))).rejects.toMatchObject({ code: 'invalid' })
  })

  test('bytes beyond the limit of a part are refused, and the stream is left to the caller', async () => {
    const id = newUpload()
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(3)))
    await expect(store.append(id, { offset: 0, body, maxBytes: 5 })).rejects.toMatchObject({ code: 'too_large' })
    expect(await store.received(id)).toBe(5)
    expect(body.destroyed).toBe(false)
  })

  test('a broken connection keeps what arrived', async () => {
    const id = newUpload()
    const body = Readable.from(
      (async function* () {
        yield Buffer.from('abc')
        throw new Error('aborted')
      })(),
    )
    await expect(store.append(id, { offset: 0, body, maxBytes: 100 })).rejects.toThrow('aborted')
    expect(await store.received(id)).toBe(3)
    expect(await store.append(id, part(Buffer.from('def'), 3))).toBe(6)
  })

  test('a wrong hash names both and shows nothing; the upload stays until it is discarded', async () => {
    const id = newUpload()
    const announced = blob(Buffer.from('good'))
    await store.append(id, part(Buffer.from('evil')))
    const refusal = store.complete(id, announced)
    await expect(refusal).rejects.toMatchObject({ code: 'invalid', field: 'sha256' })
    await expect(refusal).rejects.toThrow(sha256(Buffer.from('evil')))
    await expect(refusal).rejects.toThrow(announced.sha256)
    expect(await store.size(announced.sha256)).toBeNull()
    expect(fileNames('tmp')).toEqual([])
    await store.discard(id)
    await store.discard(id)
    expect(await store.received(id)).toBe(0)
  })

  test('too few and too many bytes are told apart', async () => {
    const bytes = Buffer.from('abcdef')
    const id = newUpload()
    await expect(store.complete(id, blob(bytes))).rejects.toMatchObject({ code: 'gap', details: { next: 0 } })
    await store.append(id, part(bytes.subarray(0, 2)))
    await expect(store.complete(id, blob(bytes))).rejects.toMatchObject({ code: 'gap', details: { next: 2 } })
    await store.append(id, part(Buffer.from('cdefgh'), 2))
    await expect(store.complete(id, blob(bytes))).rejects.toMatchObject({ code: 'invalid', field: 'sizeBytes' })
  })

  test('a request that still writes after completion cannot change the blob', async () => {
    const bytes = Buffer.from('0123456789')
    const id = newUpload()
    await store.append(id, part(bytes.subarray(0, 4)))
    const gate = Promise.withResolvers<void>()
    const body = Readable.from(
      (async function* () {
        await gate.promise
        yield Buffer.from('EVIL!!')
      })(),
    )
    const late = store.append(id, { offset: 4, body, maxBytes: 100 })
    await store.append(id, part(bytes.subarray(4), 4))
    await store.complete(id, blob(bytes))
    gate.resolve()
    await late
    expect(await store.whole(sha256(bytes), 100)).toEqual(bytes)
  })

  test('many uploads of the same bytes at once give one blob', async () => {
    const bytes = Buffer.alloc(300_000, 'x')
    const ids = Array.from({ length: 6 }, newUpload)
    await Promise.all(
      ids.map(async (id) => {
        await store.append(id, part(bytes))
        await store.complete(id, blob(bytes))
        await store.discard(id)
      }),
    )
    expect(fileNames('blobs')).toEqual([sha256(bytes)])
    expect([...fileNames('uploads'), ...fileNames('tmp')]).toEqual([])
  })

  test.each(['../x', 'upl_', 'run_01hv0000000000000000000000', `upl_${'0'.repeat(25)}/`, `upl_${'0'.repeat(26)}\0`])(
    'the upload id %j is refused',
    async (id) => {
      await expect(async () => store.append(id, part(Buffer.from('x')))).rejects.toMatchObject({ field: 'uploadId' })
      await expect(async () => store.received(id)).rejects.toMatchObject({ code: 'invalid' })
      await expect(async () => store.discard(id)).rejects.toMatchObject({ code: 'invalid' })
    },
  )
})

test('a crash leaves nothing under a hash, and its leftovers go with a later start', async () => {
  const id = newUpload()
  await store.append(id, part(Buffer.from('half')))
  const [old, fresh] = [join(dir, 'tmp', 'old'), join(dir, 'tmp', 'fresh')]
  writeFileSync(old, 'half a copy')
  writeFileSync(fresh, 'somebody writes this now')
  utimesSync(old, new Date(0), new Date(0))
  const again = createDiskStore({ dir })
  expect(fileNames('tmp')).toEqual(['fresh'])
  expect(fileNames('blobs')).toEqual([])
  expect(await again.received(id)).toBe(4)
})

test('memory stays flat however large the upload is', async () => {
  const chunk = Buffer.alloc(1 << 20, 1)
  const megabytes = 192
  const hash = createHash('sha256')
  for (let index = 0; index < megabytes; index++) hash.update(chunk)
  const expected = { sha256: hash.digest('hex'), sizeBytes: megabytes << 20 }
  const id = newUpload()
  const before = process.memoryUsage().rss
  const body = Readable.from(
    (function* () {
      for (let index = 0; index < megabytes; index++) yield chunk
    })(),
  )
  await store.append(id, { offset: 0, body, maxBytes: expected.sizeBytes })
  await store.complete(id, expected)
  expect(process.memoryUsage().rss - before).toBeLessThan(96 << 20)
  expect(await store.size(expected.sha256)).toBe(expected.sizeBytes)
})
