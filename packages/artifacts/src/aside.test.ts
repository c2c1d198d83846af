import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withAside } from './aside.ts'

const folder = mkdtempSync(join(tmpdir(), 'modelyard-aside-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MIB = 1 << 20

/** Every byte tells where it lies, so that a block in a wrong place is seen. */
function bytesOf(sizeBytes: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, sizeBytes >> 2)
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + seed, 2_654_435_761)
  bytes.fill(seed, words.length * 4)
  return bytes
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

const writeAndRead = (bytes: Buffer, pieceBytes: number, maxBytes = Number.MAX_SAFE_INTEGER) =>
  withAside(folder, { body: inPieces(bytes, pieceBytes), maxBytes }, async ({ file, sha256, sizeBytes }) => ({
    ...{ sha256, sizeBytes, held: await readFile(file) },
  }))

test.each([
  { sizeBytes: 16 * MIB, pieceBytes: 65_536 },
  { sizeBytes: 16 * MIB + 1, pieceBytes: 65_536 },
  { sizeBytes: 17 * MIB, pieceBytes: 1_000_003 },
  { sizeBytes: 41 * MIB + 4_097, pieceBytes: 65_536 },
  { sizeBytes: 41 * MIB + 4_097, pieceBytes: 1_000_003 },
  { sizeBytes: 30 * MIB + 7, pieceBytes: 30 * MIB },
])('a file of $sizeBytes bytes in pieces of $pieceBytes is what was sent', async ({ sizeBytes, pieceBytes }) => {
  const bytes = bytesOf(sizeBytes, 7)
  const written = await writeAndRead(bytes, pieceBytes)
  expect(written.sizeBytes).toBe(sizeBytes)
  expect(written.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(written.held.equals(bytes)).toBe(true)
})

test('many large files at once do not mix, whether past the cache or through it', async () => {
  const bodies = Array.from({ length: 7 }, (_, seed) => bytesOf(20 * MIB + seed, seed + 1))
  const written = await Promise.all(bodies.map((bytes) => writeAndRead(bytes, 65_536)))
  expect(written.map(({ held }, index) => bodies[index]?.equals(held))).toEqual(bodies.map(() => true))
})

test('a large body that breaks off or is too long leaves nothing, and the next is written', async () => {
  const bytes = bytesOf(24 * MIB, 3)
  async function* broken() {
    yield* inPieces(bytes, 65_536)
    throw new Error('hung up')
  }
  for (let again = 0; again < 5; again++) {
    await expect(withAside(folder, { body: broken(), maxBytes: 2 ** 40 }, async () => {})).rejects.toThrow('hung up')
    await expect(writeAndRead(bytes, 65_536, 23 * MIB)).rejects.toThrow('at most')
  }
  expect(readdirSync(folder)).toEqual([])
  expect((await writeAndRead(bytes, 65_536)).held.equals(bytes)).toBe(true)
})
