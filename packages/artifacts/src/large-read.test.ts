import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { createDiskStore } from './stores/disk.ts'

const dir = mkdtempSync(join(tmpdir(), 'modelyard-direct-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const MIB = 1 << 20

/** Every word tells where it lies, so that a block in a wrong place is seen. */
function bytesOf(sizeBytes: number, seed: number): Buffer {
  const words = Uint32Array.from({ length: Math.ceil(sizeBytes / 4) }, (_, at) => Math.imul(at + seed, 2_654_435_761))
  return Buffer.from(words.buffer, 0, sizeBytes)
}

test.each([
  { start: 0, end: 20 * MIB + 12 },
  { start: 0, end: 17 * MIB - 1 },
  { start: 1, end: 20 * MIB + 11 },
  { start: 3 * MIB - 5, end: 20 * MIB },
])('bytes $start to $end of a large blob, the first time and again', async ({ start, end }) => {
  const bytes = bytesOf(20 * MIB + 13, start + end)
  const store = createDiskStore({ dir })
  const { sha256 } = await store.put(bytes)
  for (let again = 0; again < 3; again++) {
    const read = await buffer(await store.open(sha256, { start, end }))
    expect(read.equals(bytes.subarray(start, end + 1))).toBe(true)
  }
})

test('readers that hang up, at once or in the middle, and many at once, take nothing from those after them', async () => {
  const store = createDiskStore({ dir })
  const blobs = Array.from({ length: 12 }, (_, seed) => bytesOf(18 * MIB + seed, seed + 99))
  const put = await Promise.all(blobs.map((bytes) => store.put(bytes)))
  for (const { sha256 } of put.slice(0, 3)) {
    const stream = await store.open(sha256)
    await new Promise((resolve) => stream.once('close', resolve).destroy())
  }
  for (const { sha256 } of put.slice(3, 6)) {
    for await (const piece of await store.open(sha256)) if (piece.length > 0) break
  }
  const read = await Promise.all(put.map(async ({ sha256 }) => buffer(await store.open(sha256))))
  expect(read.map((bytes, index) => blobs[index]?.equals(bytes))).toEqual(blobs.map(() => true))
})
