import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BlobStore } from '../store.ts'
import { blob, broken, newUpload, part, sha256 } from '../testing/bytes.ts'
import { conformance } from '../testing/conformance.ts'
import { createDiskStore } from './disk.ts'

let dir: string
let store: BlobStore
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'modelyard-disk-'))
  store = createDiskStore({ dir })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const fileNames = (folder: string) =>
  readdirSync(join(dir, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

conformance(() => store)

test('a blob is one file, however often it came; what went wrong leaves none', async () => {
  const bytes = Buffer.alloc(300_000, 'x')
  const id = newUpload()
  await store.append(id, part(bytes))
  await Promise.all([store.complete(id, blob(bytes)), store.put(bytes), store.write(Readable.from([bytes]))])
  await store.discard(id)
  await expect(store.write(broken('half'))).rejects.toThrow('aborted')
  await expect(store.write(Readable.from([bytes]), { maxBytes: 3 })).rejects.toMatchObject({ code: 'too_large' })
  expect(fileNames('blobs')).toEqual([sha256(bytes)])
  expect([...fileNames('uploads'), ...fileNames('tmp')]).toEqual([])
})

test('bytes that lost a part on the disk are healed by the next that come whole', async () => {
  const bytes = Buffer.from('all of it')
  const { sha256: known } = await store.put(bytes)
  writeFileSync(join(dir, 'blobs', known.slice(0, 2), known), 'all')
  await store.write(Readable.from([bytes]))
  expect(await store.whole(known, 100)).toEqual(bytes)
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
