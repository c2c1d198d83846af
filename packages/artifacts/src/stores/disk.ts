import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { withAside } from '../aside.ts'
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
import { dropLeftovers, isAbsent, sizeOf, syncFolder, writeAll } from '../file.ts'
import { readLarge } from '../large-read.ts'
import type { BlobStore, ByteRange, StoredBlob, UploadPart } from '../store.ts'

const COPY_BYTES = 1 << 18

/**
 * Bytes in files: `blobs/ab/<sha256>`, `uploads/<upload id>`, `tmp/`. Several processes may share the folder.
 * A name from outside is never a path: only the shapes of a hash and of an upload id are taken.
 */
export function createDiskStore({ dir }: { dir: string }): BlobStore {
  for (const folder of ['blobs', 'uploads', 'tmp']) mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 })
  dropLeftovers(join(dir, 'tmp'))
  const blobFile = (sha256: string) => join(dir, 'blobs', hashShaped(sha256).slice(0, 2), sha256)
  const uploadFile = (uploadId: string) => join(dir, 'uploads', uploadShaped(uploadId))
  const place: Place = { tmp: join(dir, 'tmp'), blobFile }
  return {
    size: (sha256) => sizeOf(blobFile(sha256)),
    open: (sha256, range) => openBlob(blobFile(sha256), sha256, range),
    whole: (sha256, maxBytes) => readWhole(blobFile(sha256), sha256, maxBytes),
    put: async (bytes, { beforeShown } = {}) => {
      const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.byteLength }
      await beforeShown?.(blob)
      if ((await sizeOf(blobFile(blob.sha256))) === null)
        await writeBlob(place, blob.sha256, (to) => writeAll(to, bytes))
      return blob
    },
    write: (body, { maxBytes = Number.MAX_SAFE_INTEGER, beforeShown } = {}) =>
      withAside(place.tmp, { body, maxBytes }, async ({ file, sha256, sizeBytes }, handle) => {
        await beforeShown?.({ sha256, sizeBytes })
        // Bytes that lie here already need no second sync; their temporary copy goes.
        if ((await sizeOf(blobFile(sha256))) !== sizeBytes) {
          await handle.datasync()
          await show(file, blobFile(sha256))
        }
        return { sha256, sizeBytes }
      }),
    remove: (sha256) => rm(blobFile(sha256), { force: true }),
    received: async (uploadId) => (await sizeOf(uploadFile(uploadId))) ?? 0,
    append: (uploadId, part) => append(uploadFile(uploadId), part),
    complete: (uploadId, expected) => complete(uploadFile(uploadId), expected, place),
    discard: (uploadId) => rm(uploadFile(uploadId), { force: true }),
  }
}

type Place = { tmp: string; blobFile: (sha256: string) => string }

async function openForReading(file: string, sha256: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (isAbsent(error)) return noBlob(sha256)
    throw error
  }
}

async function openBlob(file: string, sha256: string, range?: ByteRange): Promise<Readable> {
  const handle = await openForReading(file, sha256)
  try {
    const { size } = await handle.stat()
    const within = range && rangeWithin(range, size)
    const large = await readLarge({ file, handle, range: within ?? { start: 0, end: size - 1 } })
    return large ?? handle.createReadStream({ highWaterMark: COPY_BYTES, ...within })
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readWhole(file: string, sha256: string, maxBytes: number): Promise<Buffer> {
  const handle = await openForReading(file, sha256)
  try {
    requireSmall({ sha256, sizeBytes: (await handle.stat()).size }, maxBytes)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** A durable file gets its name: a reader sees all of a blob or nothing, also after a power cut. */
async function show(from: string, to: string): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to)
  await syncFolder(dirname(to))
  if (made) await syncFolder(dirname(dirname(to)))
}

async function writeBlob(place: Place, sha256: string, write: (to: FileHandle) => Promise<void>): Promise<void> {
  const aside = join(place.tmp, randomBytes(12).toString('hex'))
  const file = place.blobFile(sha256)
  try {
    const to = await open(aside, 'wx', 0o600)
    try {
      await write(to)
      await to.datasync()
    } finally {
      await to.close()
    }
    await show(aside, file)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/**
 * The bytes of the upload are hashed also where the blob exists already: whoever names a hash must hold its bytes. They
 * are copied, although they lie on this disk: a request that still writes to the upload would else go on writing to the
 * blob after the check. The upload stays until it is discarded, so a lost answer can be asked for again.
 */
async function complete(from: string, expected: StoredBlob, place: Place): Promise<void> {
  const known = await sizeOf(place.blobFile(expected.sha256))
  requireArrived((await sizeOf(from)) ?? 0, expected)
  if (known === null) await writeBlob(place, expected.sha256, (to) => checkBytes({ from, to, expected }))
  else await checkBytes({ from, to: null, expected })
}

async function checkBytes({ from, to, expected }: { from: string; to: FileHandle | null; expected: StoredBlob }) {
  const hash = createHash('sha256')
  const sizeBytes = await readChunks(from, async (bytes, at) => {
    hash.update(bytes)
    if (to) await writeAll(to, bytes, at)
  })
  requireSame({ sha256: hash.digest('hex'), sizeBytes }, expected)
}

async function readChunks(file: string, take: (bytes: Uint8Array, at: number) => Promise<void>): Promise<number> {
  const from = await open(file, 'r')
  try {
    const chunk = Buffer.allocUnsafe(COPY_BYTES)
    for (let at = 0; ; ) {
      const { bytesRead } = await from.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0) return at
      await take(chunk.subarray(0, bytesRead), at)
      at += bytesRead
    }
  } finally {
    await from.close()
  }
}

/** Bytes go to their own place in the file, so a repeated or overtaken part writes what is there already. */
async function append(file: string, part: UploadPart): Promise<number> {
  requireOffset(part.offset, Number.MAX_SAFE_INTEGER)
  const to = await openForWriting(file)
  try {
    const held = (await to.stat()).size
    requireOffset(part.offset, held)
    await writePart(to, part, held)
    return (await to.stat()).size
  } finally {
    await to.datasync()
    await to.close()
  }
}

/** Neither truncating nor in append mode, which the flags of fopen cannot say. */
async function openForWriting(file: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(file, 'r+')
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
    try {
      return await open(file, 'wx+', 0o600)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

async function writePart(to: FileHandle, part: UploadPart, held: number): Promise<void> {
  let at = part.offset
  for await (const piece of piecesOf(part.body)) {
    const room = part.offset + part.maxBytes - at
    const bytes = piece.byteLength > room ? piece.subarray(0, room) : piece
    const skip = Math.min(bytes.byteLength, Math.max(0, held - at))
    await writeAll(to, bytes.subarray(skip), at + skip)
    at += bytes.byteLength
    if (piece.byteLength > room) tooLong(part.maxBytes)
  }
}
