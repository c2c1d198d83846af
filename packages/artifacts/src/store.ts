import type { Readable } from 'node:stream'

export type StoredBlob = { sha256: string; sizeBytes: number }
/** A body as it arrives: a Node stream, or anything else that gives pieces. It is read and never destroyed. */
export type ByteSource = AsyncIterable<Uint8Array>
export type ByteRange = { start: number; end: number }

/**
 * Called with hash and size before the bytes can be seen under that hash: the place to record that somebody holds them,
 * so that a collector leaves them alone from then on. When it throws, nothing is shown.
 */
export type BeforeShown = (blob: StoredBlob) => Promise<void>

/**
 * Bytes by their SHA-256, wherever they lie. Nothing is visible under its hash before it is whole and its hash was
 * checked while it streamed; a crash leaves at most an unfinished upload.
 */
export type BlobStore = {
  /** Size in bytes, or null when the store lacks it. */
  size: (sha256: string) => Promise<number | null>
  /** Stream it, whole or from `start` to `end` inclusive. Refusal `not_found`. */
  open: (sha256: string, range?: ByteRange) => Promise<Readable>
  /** For what is known to be small. Refusal `too_large` above `maxBytes`. */
  whole: (sha256: string, maxBytes: number) => Promise<Buffer>
  /** Store bytes this process made. */
  put: (bytes: Uint8Array, options?: { beforeShown?: BeforeShown }) => Promise<StoredBlob>
  /**
   * Store a stream of unknown length in flat memory. A body that breaks off or exceeds `maxBytes` (refusal `too_large`)
   * leaves nothing; the stream stays the caller's to end.
   */
  write: (body: ByteSource, options?: { maxBytes?: number; beforeShown?: BeforeShown }) => Promise<StoredBlob>
  /** Take a blob out, for the collector alone; whoever reads it at the moment reads on. Absent is fine. */
  remove: (sha256: string) => Promise<void>
  /** How much of a resumable upload has arrived. */
  received: (uploadId: string) => Promise<number>
  /** Append at `offset`, at most `maxBytes`; answers the new length. Refusal `gap` with details.next when the offset is ahead. Bytes already held are skipped. */
  append: (uploadId: string, part: UploadPart) => Promise<number>
  /**
   * Check size and hash, then make it visible; may be repeated until the upload is discarded. Refusal `gap` with
   * details.next when bytes lack, `invalid` naming both hashes.
   */
  complete: (uploadId: string, expected: StoredBlob) => Promise<void>
  discard: (uploadId: string) => Promise<void>
}

export type UploadPart = { offset: number; body: ByteSource; maxBytes: number }
