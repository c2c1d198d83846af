import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { type DistantHash, hashElsewhere } from './hash-elsewhere.ts'

const dir = mkdtempSync(join(tmpdir(), 'modelyard-hash-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const HEAD_BYTES = 3_000_001

function written(name: string): { file: string; bytes: Buffer } {
  const [file, bytes] = [join(dir, name), randomBytes(HEAD_BYTES + 10)]
  writeFileSync(file, bytes)
  return { file, bytes: bytes.subarray(0, HEAD_BYTES) }
}

/** As another thread sees them. */
function shared(bytes: Uint8Array): Uint8Array {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  view.set(bytes)
  return view
}

async function begun(file: string, sizeBytes = HEAD_BYTES): Promise<DistantHash> {
  const hash = await hashElsewhere({ file, sizeBytes })
  if (!hash) throw new Error('no thread hashes')
  return hash
}

test('several at once are hashed each by itself, from the head of a file on', async () => {
  const hashes = await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const { file, bytes } = written(`file ${index}`)
      const rest = Array.from({ length: 7 }, () => randomBytes(100_000 + index))
      const expected = createHash('sha256').update(bytes)
      const hash = await begun(file)
      for (const block of rest) {
        expected.update(block)
        await hash.take(shared(block))
      }
      const digest = await hash.end()
      hash.leave()
      return digest === expected.digest('hex')
    }),
  )
  expect(hashes).toEqual([true, true, true, true, true])
})

test('who cannot begin is told so, and who left may not go on; the next is hashed', async () => {
  const { file, bytes } = written('short')
  expect(await hashElsewhere({ file: join(dir, 'absent'), sizeBytes: 1 })).toBeNull()
  expect(await hashElsewhere({ file, sizeBytes: HEAD_BYTES + 11 })).toBeNull()
  const left = await begun(file)
  left.leave()
  await expect(left.take(shared(bytes))).rejects.toThrow('ended')
  await expect(left.end()).rejects.toThrow('ended')
  expect(await (await begun(file)).end()).toBe(createHash('sha256').update(bytes).digest('hex'))
})

test('a program that stored a large body ends by itself, with the right hash', async () => {
  const script = `
    import { createDiskStore } from ${JSON.stringify(new URL('stores/disk.ts', import.meta.url).href)}
    const body = (async function* () { for (let at = 0; at < 40; at++) yield Buffer.alloc(1 << 20, at) })()
    console.log((await createDiskStore({ dir: ${JSON.stringify(dir)} }).write(body)).sha256)`
  const expected = createHash('sha256')
  for (let at = 0; at < 40; at++) expected.update(Buffer.alloc(1 << 20, at))
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 })
  expect(stdout.trim()).toBe(expected.digest('hex'))
})
