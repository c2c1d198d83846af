import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { writeAll } from './file.ts'
import type { Writer } from './gathering.ts'
import { BLOCK_BYTES, BLOCKS, isNotDirect, LanePool } from './lanes.ts'

const lanes = new LanePool({ isShared: true })

/** `also`: is shown each block as well, in their order, which stays as it is until both are done with it. */
type Target = { file: string; to: FileHandle; at: number; also: (block: Uint8Array) => Promise<void> | undefined }

/**
 * A writer past the system's cache of pages, from `at` (a multiple of the block) to the end. A gigabyte that nobody reads
 * soon would else push the database's pages out, and finding the pages for it costs more than the disk does: 2 to 5 s of
 * the 6 an upload took. Null where the file system or the platform has no such way, or all lanes are taken.
 */
export async function openDirect({ file, ...target }: Target): Promise<Writer | null> {
  if (constants.O_DIRECT === undefined) return null
  const memory = lanes.take()
  if (!memory) return null
  try {
    return new DirectWriter({ ...target, memory, direct: await open(file, constants.O_WRONLY | constants.O_DIRECT) })
  } catch {
    lanes.give(memory)
    return null
  }
}

type Lane = Omit<Target, 'file'> & { direct: FileHandle; memory: Uint8Array }

class DirectWriter implements Writer {
  readonly #lane: Lane
  readonly #writing: Promise<void>[] = Array.from({ length: BLOCKS }, () => Promise.resolve())
  #current = 0
  #filled = 0
  #at: number
  #isOpen = true

  constructor(lane: Lane) {
    this.#lane = lane
    this.#at = lane.at
  }

  async take(piece: Uint8Array): Promise<void> {
    for (let from = 0; from < piece.byteLength; ) {
      const bytes = piece.subarray(from, from + BLOCK_BYTES - this.#filled)
      this.#lane.memory.set(bytes, this.#current * BLOCK_BYTES + this.#filled)
      this.#filled += bytes.byteLength
      from += bytes.byteLength
      if (this.#filled === BLOCK_BYTES) await this.#hand()
    }
  }

  /** The last bytes fill no block: they go through the cache. */
  async end(): Promise<void> {
    const last = this.#block().subarray(0, this.#filled)
    this.#filled = 0
    await allOf(...this.#writing, writeAll(this.#lane.to, last, this.#at), Promise.resolve(this.#lane.also(last)))
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#writing)
    if (!this.#isOpen) return
    this.#isOpen = false
    lanes.give(this.#lane.memory)
    await this.#lane.direct.close()
  }

  async #hand(): Promise<void> {
    const block = this.#block()
    const done = allOf(writeBlock(this.#lane, block, this.#at), Promise.resolve(this.#lane.also(block)))
    done.catch(() => {})
    this.#writing[this.#current] = done
    this.#at += BLOCK_BYTES
    this.#filled = 0
    this.#current = (this.#current + 1) % BLOCKS
    await this.#writing[this.#current]
  }

  #block(): Uint8Array {
    return this.#lane.memory.subarray(this.#current * BLOCK_BYTES, (this.#current + 1) * BLOCK_BYTES)
  }
}

/** Ends when all have, also where one fails: the memory is not to be given away under the others. */
async function allOf(...works: Promise<void>[]): Promise<void> {
  await Promise.allSettled(works)
  await Promise.all(works)
}

/** What is refused as direct or falls short goes through the cache, which says why. */
async function writeBlock({ direct, to }: Lane, block: Uint8Array, at: number): Promise<void> {
  const { bytesWritten } = await direct.write(block, 0, block.byteLength, at).catch((error: unknown) => {
    if (isNotDirect(error)) return { bytesWritten: 0 }
    throw error
  })
  await writeAll(to, block.subarray(bytesWritten), at + bytesWritten)
}
