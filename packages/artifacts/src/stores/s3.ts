import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Aside, withAside } from '../aside.ts'
import { Bucket, type BucketSettings, PART_BYTES } from '../bucket.ts'
import {
  hashShaped,
  noBlob,
  piecesOf,
  rangeWithin,
  requireArrived,
  requireOffset,
  requireSame,
  requireSmall,
  tooLong,
  uploadShaped,
} from '../check.ts'
import { dropLeftovers } from '../file.ts'
import type { BeforeShown, BlobStore, ByteRange, ByteSource, StoredBlob, UploadPart } from '../store.ts'

/** `spoolDir`: a folder on this machine's disk, for bodies while they are hashed. */
export type S3Settings = BucketSettings & { spoolDir: string }

/**
 * Bytes in a bucket: `<prefix>blobs/ab/<sha256>` and `<prefix>uploads/<upload id>/<start>-<end>`. S3 shows an object
 * only once it is whole, but wants its key first; the key is the hash, so a body is hashed into a spool file before it
 * goes out. That also spares sending what the bucket holds already, and needs no copy within S3, which ends at 5 GB.
 */
export function createS3Store(settings: S3Settings): BlobStore {
  mkdirSync(settings.spoolDir, { recursive: true, mode: 0o700 })
  dropLeftovers(settings.spoolDir)
  const bucket = new Bucket(settings)
  const blobKey = (sha256: string) => `blobs/${hashShaped(sha256).slice(0, 2)}/${sha256}`
  const uploadFolder = (uploadId: string) => `uploads/${uploadShaped(uploadId)}/`
  const show = async (aside: Aside) => {
    const key = blobKey(aside.sha256)
    if ((await bucket.size(key)) !== aside.sizeBytes) await bucket.putFile(key, aside)
  }
  const take = (body: ByteSource, { maxBytes, check }: { maxBytes: number; check?: BeforeShown | undefined }) =>
    withAside(settings.spoolDir, { body, maxBytes }, async (aside) => {
      const blob = { sha256: aside.sha256, sizeBytes: aside.sizeBytes }
      await check?.(blob)
      await show(aside)
      return blob
    })
  return {
    size: (sha256) => bucket.size(blobKey(sha256)),
    open: (sha256, range) => openBlob(bucket, { key: blobKey(sha256), sha256, range }),
    whole: (sha256, maxBytes) => readWhole(bucket, { key: blobKey(sha256), sha256, maxBytes }),
    put: async (bytes, { beforeShown } = {}) => {
      const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.byteLength }
      await beforeShown?.(blob)
      if ((await bucket.size(blobKey(blob.sha256))) === null) await bucket.put(blobKey(blob.sha256), bytes)
      return blob
    },
    write: (body, { maxBytes = Number.MAX_SAFE_INTEGER, beforeShown } = {}) =>
      take(body, { maxBytes, check: beforeShown }),
    remove: (sha256) => bucket.remove(blobKey(sha256)),
    received: async (uploadId) => chainOf(await bucket.list(uploadFolder(uploadId))).length,
    append: (uploadId, part) => append(bucket, uploadFolder(uploadId), part),
    complete: async (uploadId, expected) => {
      hashShaped(expected.sha256)
      const { length, parts } = chainOf(await bucket.list(uploadFolder(uploadId)))
      requireArrived(length, expected)
      const check = async (arrived: StoredBlob) => requireSame(arrived, expected)
      await take(joined(bucket, parts), { maxBytes: expected.sizeBytes, check })
    },
    discard: async (uploadId) => {
      for (const key of await bucket.list(uploadFolder(uploadId))) await bucket.remove(key)
    },
  }
}

type Wanted = { key: string; sha256: string; range?: ByteRange | undefined }

async function openBlob(bucket: Bucket, { key, sha256, range }: Wanted): Promise<Readable> {
  if (!range) return (await bucket.get(key)) ?? noBlob(sha256)
  const within = rangeWithin(range, (await bucket.size(key)) ?? noBlob(sha256))
  return (await bucket.get(key, within)) ?? noBlob(sha256)
}

async function readWhole(
  bucket: Bucket,
  { key, sha256, maxBytes }: { key: string; sha256: string; maxBytes: number },
): Promise<Buffer> {
  requireSmall({ sha256, sizeBytes: (await bucket.size(key)) ?? noBlob(sha256) }, maxBytes)
  const body = (await bucket.get(key)) ?? noBlob(sha256)
  return Buffer.concat(await body.toArray())
}

type Part = { key: string; start: number; end: number }
/** Objects of an upload that follow one another without a gap; each gives its bytes from `from` on. */
type Chain = { length: number; parts: (Part & { from: number })[] }

/**
 * What of the parts joins up from the first byte on. Parts overlap where two requests sent the same range at once or an
 * answer was lost; at each place the one that reaches farthest counts, so what was held never grows less.
 */
function chainOf(keys: string[]): Chain {
  const parts = keys.map(partOf).sort((a, b) => a.start - b.start || b.end - a.end)
  const chain: Chain = { length: 0, parts: [] }
  for (;;) {
    const reaching = parts.filter(({ start, end }) => start <= chain.length && end > chain.length)
    const [next] = reaching.sort((a, b) => b.end - a.end)
    if (!next) return chain
    chain.parts.push({ ...next, from: chain.length - next.start })
    chain.length = next.end
  }
}

function partOf(key: string): Part {
  const [start, end] = key.slice(key.lastIndexOf('/') + 1).split('-')
  return { key, start: Number(start), end: Number(end) }
}

/** A part may be of any size; what arrived before a connection broke is kept. */
async function append(bucket: Bucket, folder: string, part: UploadPart): Promise<number> {
  requireOffset(part.offset, Number.MAX_SAFE_INTEGER)
  const held = chainOf(await bucket.list(folder)).length
  requireOffset(part.offset, held)
  const sink = new PartSink(bucket, folder, held)
  let at = part.offset
  try {
    for await (const piece of piecesOf(part.body)) {
      const room = part.offset + part.maxBytes - at
      const bytes = piece.byteLength > room ? piece.subarray(0, room) : piece
      await sink.take(bytes.subarray(Math.min(bytes.byteLength, Math.max(0, held - at))))
      at += bytes.byteLength
      if (piece.byteLength > room) tooLong(part.maxBytes)
    }
  } finally {
    await sink.flush()
  }
  return sink.end
}

/** Gathers bytes to objects of one part's size, so that memory stays flat however long the body is. */
class PartSink {
  readonly #bucket: Bucket
  readonly #folder: string
  #pieces: Uint8Array[] = []
  #gathered = 0
  /** Of the upload: where the stored bytes end. */
  end: number

  constructor(bucket: Bucket, folder: string, start: number) {
    this.#bucket = bucket
    this.#folder = folder
    this.end = start
  }

  async take(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes)
    this.#gathered += bytes.byteLength
    if (this.#gathered >= PART_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#gathered === 0) return
    const bytes = Buffer.concat(this.#pieces)
    const [start, end] = [this.end, this.end + bytes.byteLength]
    this.#pieces = []
    this.#gathered = 0
    await this.#bucket.put(`${this.#folder}${start}-${end}`, bytes)
    this.end = end
  }
}

async function* joined(bucket: Bucket, parts: Chain['parts']): AsyncGenerator<Uint8Array> {
  for (const { key, from, start, end } of parts) {
    const body = await bucket.get(key, { start: from, end: end - start - 1 })
    if (!body) throw new Error(`part ${key} of an upload went away while it was read`)
    yield* body
  }
}
