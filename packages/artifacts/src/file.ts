import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { piecesOf, tooLong } from './check.ts'
import type { ByteSource, StoredBlob } from './store.ts'

/** Pieces of a body are gathered to about this much before they are written: each write costs a trip to a thread. */
const GATHER_BYTES = 1 << 20
const GATHER_PIECES = 512
/** The kernel is made to write while more arrives, else all would wait for the end; more often costs more than it spares. */
const FLUSH_BYTES = 256 << 20
/** Nothing that is still written is older than this; what a crash left behind is. */
const LEFTOVER_MS = 24 * 3_600_000

export type Aside = StoredBlob & { file: string }

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Size of a file in bytes, or null when there is none. */
export async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

export async function writeAll(to: FileHandle, bytes: Uint8Array, at = 0): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const done = await to.write(bytes, written, bytes.byteLength - written, at + written)
    written += done.bytesWritten
  }
}

/** Make a rename in this folder outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Remove what a crash left in a folder of temporary files. */
export function dropLeftovers(folder: string): void {
  const before = Date.now() - LEFTOVER_MS
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // Another process may sweep the same folder at the same time.
    const written = statSync(file, { throwIfNoEntry: false })
    if (written && written.mtimeMs < before) rmSync(file, { force: true, recursive: true })
  }
}

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
    const blob = await pour(args.body, { to, maxBytes: args.maxBytes })
    return await use({ ...blob, file }, to)
  } finally {
    await to.close()
    await rm(file, { force: true })
  }
}

/** Hashing and writing overlap: while one gathering is written by another thread, the next arrives and is hashed. */
async function pour(body: ByteSource, { to, maxBytes }: { to: FileHandle; maxBytes: number }): Promise<StoredBlob> {
  const hash = createHash('sha256')
  const writer = new GatheringWriter(to)
  let sizeBytes = 0
  try {
    for await (const piece of piecesOf(body)) {
      sizeBytes += piece.byteLength
      if (sizeBytes > maxBytes) tooLong(maxBytes)
      hash.update(piece)
      await writer.take(piece)
    }
  } finally {
    await writer.settle()
  }
  await writer.end()
  return { sha256: hash.digest('hex'), sizeBytes }
}

class GatheringWriter {
  readonly #to: FileHandle
  #pieces: Uint8Array[] = []
  #gathered = 0
  #at = 0
  #flushedAt = 0
  #writing: Promise<void> = Promise.resolve()
  #flushing: Promise<void> = Promise.resolve()

  constructor(to: FileHandle) {
    this.#to = to
  }

  async take(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece)
    this.#gathered += piece.byteLength
    if (this.#gathered >= GATHER_BYTES || this.#pieces.length >= GATHER_PIECES) await this.#hand()
  }

  async end(): Promise<void> {
    await this.#hand()
    await this.#writing
    await this.#flushing
  }

  /** Wait for what runs, whatever becomes of it: a file must not be closed under a write. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flushing])
  }

  async #hand(): Promise<void> {
    await this.#writing
    const [pieces, at] = [this.#pieces, this.#at]
    this.#at += this.#gathered
    this.#pieces = []
    this.#gathered = 0
    this.#writing = writePieces(this.#to, pieces, at)
    this.#writing.catch(() => {})
    if (this.#at - this.#flushedAt >= FLUSH_BYTES) await this.#flush()
  }

  async #flush(): Promise<void> {
    await this.#flushing
    this.#flushedAt = this.#at
    this.#flushing = this.#to.datasync()
    this.#flushing.catch(() => {})
  }
}

async function writePieces(to: FileHandle, pieces: Uint8Array[], at: number): Promise<void> {
  if (pieces.length === 0) return
  const sizeBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const { bytesWritten } = await to.writev(pieces, at)
  // A short write is rare (a full disk): what lacks then goes the slow way, which says why.
  if (bytesWritten < sizeBytes) await writeAll(to, Buffer.concat(pieces).subarray(bytesWritten), at + bytesWritten)
}
