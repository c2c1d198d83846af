/**
 * `npm run bench -- artifacts [--megabytes 1024] [--dir <folder>]`: how fast the stores take and give a body, how far the
 * memory of this process grows meanwhile, and what the disk alone takes for the same bytes, through the cache of pages and
 * past it, in turns. S3 is s3rver beside.
 */
import { constants, mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDirect } from '../src/direct-write.ts'
import { BLOCK_BYTES, BLOCKS, LanePool } from '../src/lanes.ts'
import type { BlobStore } from '../src/store.ts'
import { createDiskStore } from '../src/stores/disk.ts'
import { createS3Store } from '../src/stores/s3.ts'
import { BUCKET, CREDENTIALS, startS3Server } from '../src/testing/s3-server.ts'

const MIB = 1 << 20
const ROUNDS = 3
/** What a socket gives at once. */
const PIECE_BYTES = 64 * 1024

/** `bytes` that differ by `seed`, so that no round meets what an earlier one stored; made once and sent over and over. */
async function* bodyOf(bytes: number, seed: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(PIECE_BYTES, `round ${seed} `)
  for (let left = bytes; left > 0; left -= piece.byteLength) yield piece
}

class Memory {
  readonly #before = process.memoryUsage.rss()
  #peak = 0
  readonly #timer = setInterval(() => {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss())
  }, 20)

  /** Growth at its highest, in MiB. */
  end(): number {
    clearInterval(this.#timer)
    return Math.max(0, this.#peak - this.#before) / MIB
  }
}

async function timed(work: () => Promise<unknown>): Promise<{ ms: number; grownMib: number }> {
  const memory = new Memory()
  const startedAt = performance.now()
  await work()
  return { ms: performance.now() - startedAt, grownMib: memory.end() }
}

async function readAll(store: BlobStore, sha256: string): Promise<void> {
  const body = await store.open(sha256)
  for await (const piece of body) void piece
}

/** Write the same bytes and make them durable, without hashing, as any program would. */
async function writeCached(file: string, bytes: number): Promise<void> {
  const to = await open(file, 'w')
  try {
    const piece = Buffer.alloc(MIB, 'x')
    for (let left = bytes; left > 0; left -= piece.byteLength) await to.write(piece)
    await to.datasync()
  } finally {
    await to.close()
  }
}

/** The same past the cache of pages: the least any store on this disk could take. */
async function writeDirect(file: string, bytes: number): Promise<void> {
  const to = await open(file, 'w')
  const writer = await openDirect({ file, to, at: 0, also: () => undefined })
  try {
    const piece = Buffer.alloc(MIB, 'x')
    for (let left = bytes; left > 0; left -= piece.byteLength) await writer?.take(piece)
    await writer?.end()
    await to.datasync()
  } finally {
    await writer?.settle()
    await to.close()
  }
}

async function readDirect(file: string, bytes: number): Promise<void> {
  const { O_RDONLY, O_DIRECT } = constants
  const from = await open(file, O_RDONLY | O_DIRECT)
  const memory = new LanePool({ isShared: false }).take()
  try {
    await Promise.all(Array.from({ length: BLOCKS }, (_, place) => readEvery(from, { memory, place, bytes })))
  } finally {
    await from.close()
  }
}

type Every = { memory: Uint8Array | null; place: number; bytes: number }

async function readEvery(from: FileHandle, { memory, place, bytes }: Every): Promise<void> {
  const block = memory?.subarray(place * BLOCK_BYTES, (place + 1) * BLOCK_BYTES) ?? new Uint8Array(BLOCK_BYTES)
  for (let at = place * BLOCK_BYTES; at < bytes; at += BLOCKS * BLOCK_BYTES) await from.read(block, 0, BLOCK_BYTES, at)
}

async function diskAlone(file: string, bytes: number): Promise<void> {
  say('the disk alone, up', await timed(() => writeCached(file, bytes)), bytes)
  await rm(file)
  say('  past the cache, up', await timed(() => writeDirect(file, bytes)), bytes)
  say('  past the cache, down', await timed(() => readDirect(file, bytes)), bytes)
  await rm(file)
}

function say(what: string, taken: { ms: number; grownMib: number }, bytes: number): void {
  const seconds = taken.ms / 1000
  const rate = Math.round(bytes / MIB / seconds)
  console.log(
    `${what.padEnd(28)} ${seconds.toFixed(2).padStart(7)} s ${String(rate).padStart(6)} MiB/s   memory +${taken.grownMib.toFixed(0)} MiB`,
  )
}

async function race(name: string, store: BlobStore, { bytes, seed }: { bytes: number; seed: number }): Promise<void> {
  let sha256 = ''
  const up = await timed(async () => {
    sha256 = (await store.write(bodyOf(bytes, seed))).sha256
  })
  say(`${name}, up`, up, bytes)
  say(`${name}, down`, await timed(() => readAll(store, sha256)), bytes)
  await store.remove(sha256)
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '1024' }, dir: { type: 'string' } } })
  const bytes = Number(values.megabytes) * MIB
  const dir = mkdtempSync(join(values.dir ?? tmpdir(), 'modelyard-bench-'))
  const server = await startS3Server()
  try {
    const disk = createDiskStore({ dir })
    const { endpoint } = server
    const at = { bucket: BUCKET, prefix: '', region: 'us-east-1', endpoint, pathStyle: true, credentials: CREDENTIALS }
    const s3 = createS3Store({ ...at, spoolDir: join(dir, 'spool') })
    console.log(`${values.megabytes} MiB in pieces of ${PIECE_BYTES / 1024} KiB`)
    for (let seed = 1; seed <= ROUNDS; seed++) {
      await diskAlone(join(dir, 'alone'), bytes)
      await race('disk', disk, { bytes, seed })
      await race('S3', s3, { bytes, seed })
    }
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

await main()
