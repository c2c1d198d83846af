import type { FileHandle } from 'node:fs/promises'
import { writeAll } from './file.ts'

/** Takes the pieces of a file in their order. A piece may still be read after `take` has answered, until `end` does. */
export type Writer = {
  take: (piece: Uint8Array) => Promise<void>
  /** All that was taken is in the file. */
  end: () => Promise<void>
  /** Wait for what runs, whatever becomes of it: a file must not be closed under a write. */
  settle: () => Promise<void>
}

/** Pieces of a body are gathered to about this much before they are written: each write costs a trip to a thread. */
const GATHER_BYTES = 1 << 20
const GATHER_PIECES = 512
/** The kernel is made to write while more arrives, else all would wait for the end; more often costs more than it spares. */
const FLUSH_BYTES = 256 << 20

/** Through the system's cache of pages: while one gathering is written by another thread, the next arrives. */
export class GatheringWriter implements Writer {
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
