import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { piecesOf, tooLong } from './check.ts'
import { openDirect } from './direct-write.ts'
import { GatheringWriter, type Writer } from './gathering.ts'
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
  const hash = createHash('sha256')
  const writer = new GrowingWriter(file, to)
  let sizeBytes = 0
  try {
    for await (const piece of piecesOf(body)) {
      sizeBytes += piece.byteLength
      if (sizeBytes > maxBytes) tooLong(maxBytes)
      hash.update(piece)
      await writer.take(piece)
    }
    await writer.end()
  } finally {
    await writer.settle()
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** The head of a file through the cache; once it turns out to be large, the rest past it where that is possible. */
class GrowingWriter implements Writer {
  readonly #file: string
  readonly #to: FileHandle
  readonly #head: Writer
  #rest: Writer | undefined
  #taken = 0

  constructor(file: string, to: FileHandle) {
    this.#file = file
    this.#to = to
    this.#head = new GatheringWriter(to)
  }

  async take(piece: Uint8Array): Promise<void> {
    const room = Math.max(0, DIRECT_FROM_BYTES - this.#taken)
    this.#taken += piece.byteLength
    if (room > 0) await this.#head.take(piece.subarray(0, room))
    if (piece.byteLength <= room) return
    this.#rest ??= (await openDirect({ file: this.#file, to: this.#to, at: DIRECT_FROM_BYTES })) ?? this.#head
    await this.#rest.take(piece.subarray(room))
  }

  async end(): Promise<void> {
    await this.#head.end()
    await this.#rest?.end()
  }

  async settle(): Promise<void> {
    await this.#head.settle()
    await this.#rest?.settle()
  }
}
