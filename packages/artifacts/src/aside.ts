import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { piecesOf, tooLong } from './check.ts'
import { openDirect } from './direct-write.ts'
import { GatheringWriter, type Writer } from './gathering.ts'
import { type DistantHash, hashElsewhere } from './hash-elsewhere.ts'
import { DIRECT_FROM_BYTES } from './lanes.ts'
import type { ByteSource, StoredBlob } from './store.ts'

export type Aside = StoredBlob & { file: string }

/**
 * Write a body to a new file in `folder`, hashed on the way, and hand it to `use` while it is open; whatever then lies
 * under the temporary name is removed, whether all went well or not.
 */
export async function withAside<T>(
  folder: string,
  args: { body: ByteSource; maxBytes: number },
  use: (aside: Aside, handle: FileHandle) => Promise<T>,
): Promise<T> {
  const file = join(folder, randomBytes(12).toString('hex'))
  const to = await open(file, 'wx', 0o600)
  try {
    const blob = await pour(args.body, { file, to, maxBytes: args.maxBytes })
    return await use({ ...blob, file }, to)
  } finally {
    await to.close()
    await rm(file, { force: true })
  }
}

/** Write a body to a new, empty file that is open as `to`; it is hashed while it is written. Refusal `too_large`. */
async function pour(
  body: ByteSource,
  { file, to, maxBytes }: { file: string; to: FileHandle; maxBytes: number },
): Promise<StoredBlob> {
  const writer = new HashingWriter(file, to)
  let sizeBytes = 0
  try {
    for await (const piece of piecesOf(body)) {
      sizeBytes += piece.byteLength
      if (sizeBytes > maxBytes) tooLong(maxBytes)
      await writer.take(piece)
    }
    return { sha256: await writer.end(), sizeBytes }
  } finally {
    await writer.settle()
  }
}

/**
 * The head of a file through the cache, hashed here. Once it turns out to be large, the rest past the cache and hashed
 * by another thread, where that is possible.
 */
class HashingWriter {
  readonly #file: string
  readonly #to: FileHandle
  readonly #head: Writer
  readonly #hash = createHash('sha256')
  #rest: Writer | undefined
  #elsewhere: DistantHash | null = null
  #taken = 0

  constructor(file: string, to: FileHandle) {
    this.#file = file
    this.#to = to
    this.#head = new GatheringWriter(to)
  }

  async take(piece: Uint8Array): Promise<void> {
    const head = piece.subarray(0, Math.max(0, DIRECT_FROM_BYTES - this.#taken))
    const rest = piece.subarray(head.byteLength)
    this.#taken += piece.byteLength
    if (head.byteLength > 0) {
      this.#hash.update(head)
      await this.#head.take(head)
    }
    if (rest.byteLength === 0) return
    this.#rest ??= await this.#openRest()
    if (!this.#elsewhere) this.#hash.update(rest)
    await this.#rest.take(rest)
  }

  /** Answers the hash of all that was taken. */
  async end(): Promise<string> {
    await this.#head.end()
    await this.#rest?.end()
    return this.#elsewhere ? this.#elsewhere.end() : this.#hash.digest('hex')
  }

  async settle(): Promise<void> {
    await this.#head.settle()
    await this.#rest?.settle()
    this.#elsewhere?.leave()
  }

  async #openRest(): Promise<Writer> {
    const also = (block: Uint8Array) => this.#elsewhere?.take(block)
    const direct = await openDirect({ file: this.#file, to: this.#to, at: DIRECT_FROM_BYTES, also })
    if (!direct) return this.#head
    // The thread reads the head from the file.
    await this.#head.end()
    this.#elsewhere = await hashElsewhere({ file: this.#file, sizeBytes: DIRECT_FROM_BYTES })
    return direct
  }
}
