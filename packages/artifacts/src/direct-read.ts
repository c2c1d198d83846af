import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { BLOCK_BYTES, BLOCKS, DIRECT_FROM_BYTES, isNotDirect, LanePool } from './lanes.ts'
import type { ByteRange } from './store.ts'

/** How many files are remembered as read lately. */
const REMEMBERED = 256

const lanes = new LanePool()
const readLately = new Set<string>()

type Target = { file: string; handle: FileHandle; range: ByteRange }

/**
 * A large part of a file past the system's cache of pages, or null where there is no such way. Only the first time:
 * what is asked for again is worth its place in the cache. The stream closes `handle`.
 */
export async function readDirect({ file, handle, range }: Target): Promise<Readable | null> {
  if (constants.O_DIRECT === undefined || range.end - range.start < DIRECT_FROM_BYTES || !isFirst(file)) return null
  const memory = lanes.take()
  if (!memory) return null
  try {
    const direct = await open(file, constants.O_RDONLY | constants.O_DIRECT)
    return new DirectReadable({ direct, handle, memory, range })
  } catch {
    lanes.give(memory)
    return null
  }
}

function isFirst(file: string): boolean {
  const wasRead = readLately.delete(file)
  readLately.add(file)
  for (const oldest of readLately) {
    if (readLately.size <= REMEMBERED) break
    readLately.delete(oldest)
  }
  return !wasRead
}

type Lane = { direct: FileHandle; handle: FileHandle; memory: Uint8Array; range: ByteRange }

/** Reads a few blocks ahead into memory of its own, and hands out copies: nobody tells when a piece was sent. */
class DirectReadable extends Readable {
  readonly #lane: Lane
  readonly #reading: Promise<number>[] = []
  #at: number
  #ahead: number

  constructor(lane: Lane) {
    super({ highWaterMark: BLOCK_BYTES })
    this.#lane = lane
    this.#at = lane.range.start
    this.#ahead = lane.range.start - (lane.range.start % BLOCK_BYTES)
  }

  override _read(): void {
    this.#next().then(
      (bytes) => this.push(bytes),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    callbackify(() => this.#leave())((fault) => done(error ?? fault))
  }

  async #next(): Promise<Uint8Array | null> {
    const { memory, range } = this.#lane
    if (this.#at > range.end) return null
    this.#readAhead()
    const block = Math.floor(this.#at / BLOCK_BYTES)
    const from = this.#at % BLOCK_BYTES
    const held = (await this.#reading[block % BLOCKS]) ?? 0
    const to = Math.min(held, range.end + 1 - block * BLOCK_BYTES)
    if (to <= from) throw new Error('a blob is shorter than it was when it was opened')
    const start = (block % BLOCKS) * BLOCK_BYTES
    this.#at += to - from
    return Buffer.from(memory.subarray(start + from, start + to))
  }

  /** All blocks but those that are handed out already are being read. */
  #readAhead(): void {
    const first = this.#at - (this.#at % BLOCK_BYTES)
    for (
      ;
      this.#ahead <= this.#lane.range.end && this.#ahead < first + BLOCKS * BLOCK_BYTES;
      this.#ahead += BLOCK_BYTES
    ) {
      const slot = (this.#ahead / BLOCK_BYTES) % BLOCKS
      const reading = readBlock(this.#lane, slot * BLOCK_BYTES, this.#ahead)
      reading.catch(() => {})
      this.#reading[slot] = reading
    }
  }

  async #leave(): Promise<void> {
    await Promise.allSettled(this.#reading)
    lanes.give(this.#lane.memory)
    await this.#lane.direct.close()
    await this.#lane.handle.close()
  }
}

async function readBlock({ direct, handle, memory }: Lane, start: number, at: number): Promise<number> {
  const into = [memory, start, BLOCK_BYTES, at] as const
  const { bytesRead } = await direct.read(...into).catch((error: unknown) => {
    if (isNotDirect(error)) return handle.read(...into)
    throw error
  })
  return bytesRead
}
