import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { isId, refuse } from '@modelyard/domain'
import type { BlobStore, ByteRange, StoredBlob } from '../store.ts'

const SHA256 = /^[0-9a-f]{64}$/
const COPY_BYTES = 1 << 20
/** Nothing that is still written is older than this; what a crash left behind is. */
const LEFTOVER_MS = 24 * 3_600_000

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
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if ((await sizeOf(blobFile(sha256))) === null) await writeBlob(place, sha256, (to) => writeAll(to, bytes))
      return { sha256, sizeBytes: bytes.byteLength }
    },
    received: async (uploadId) => (await sizeOf(uploadFile(uploadId))) ?? 0,
    append: (uploadId, part) => append(uploadFile(uploadId), part),
    complete: (uploadId, expected) => complete(uploadFile(uploadId), expected, place),
    discard: (uploadId) => rm(uploadFile(uploadId), { force: true }),
  }
}

type Place = { tmp: string; blobFile: (sha256: string) => string }

function hashShaped(sha256: string): string {
  return SHA256.test(sha256) ? sha256 : refuse('invalid', 'this is no lower-case SHA-256', { field: 'sha256' })
}

function uploadShaped(uploadId: string): string {
  return isId('upl', uploadId) ? uploadId : refuse('invalid', 'this is no upload id', { field: 'uploadId' })
}

function dropLeftovers(folder: string): void {
  const before = Date.now() - LEFTOVER_MS
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // Another process may sweep the same folder at the same time.
    const written = statSync(file, { throwIfNoEntry: false })
    if (written && written.mtimeMs < before) rmSync(file, { force: true, recursive: true })
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

async function openForReading(file: string, sha256: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (isAbsent(error)) return refuse('not_found', `there is no blob ${sha256}`, { field: 'sha256' })
    throw error
  }
}

async function openBlob(file: string, sha256: string, range?: ByteRange): Promise<Readable> {
  const handle = await openForReading(file, sha256)
  if (!range) return handle.createReadStream()
  const { size } = await handle.stat()
  const sound = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end)
  if (!sound || range.start < 0 || range.end < range.start || range.start >= size) {
    await handle.close()
    return refuse('invalid', `bytes ${range.start} to ${range.end} do not lie in a blob of ${size} bytes`, {
      field: 'range',
      details: { sizeBytes: size },
    })
  }
  return handle.createReadStream({ start: range.start, end: Math.min(range.end, size - 1) })
}

async function readWhole(file: string, sha256: string, maxBytes: number): Promise<Buffer> {
  const handle = await openForReading(file, sha256)
  try {
    const { size } = await handle.stat()
    if (size > maxBytes) {
      return refuse('too_large', `blob ${sha256} has ${size} bytes, at most ${maxBytes} are read here`, {
        details: { sizeBytes: size, maxBytes },
      })
    }
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function writeAll(to: FileHandle, bytes: Uint8Array, at = 0): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const done = await to.write(bytes, written, bytes.byteLength - written, at + written)
    written += done.bytesWritten
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Write aside, make durable, then show: a reader sees all of a blob or nothing, also after a power cut. */
async function writeBlob(place: Place, sha256: string, write: (to: FileHandle) => Promise<void>): Promise<void> {
  const aside = join(place.tmp, randomBytes(12).toString('hex'))
  const file = place.blobFile(sha256)
  try {
    const to = await open(aside, 'wx', 0o600)
    try {
      await write(to)
      await to.sync()
    } finally {
      await to.close()
    }
    const made = await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await rename(aside, file)
    await syncFolder(dirname(file))
    if (made) await syncFolder(dirname(dirname(file)))
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
  const received = (await sizeOf(from)) ?? 0
  if (received < expected.sizeBytes)
    refuse('gap', `${received} of ${expected.sizeBytes} bytes have arrived`, { details: { next: received } })
  if (received > expected.sizeBytes)
    refuse('invalid', `${received} bytes arrived where ${expected.sizeBytes} were announced`, { field: 'sizeBytes' })
  if (known === null) await writeBlob(place, expected.sha256, (to) => checkBytes({ from, to, expected }))
  else await checkBytes({ from, to: null, expected })
}

async function checkBytes({ from, to, expected }: { from: string; to: FileHandle | null; expected: StoredBlob }) {
  const hash = createHash('sha256')
  const sizeBytes = await readChunks(from, async (bytes, at) => {
    hash.update(bytes)
    if (to) await writeAll(to, bytes, at)
  })
  const sha256 = hash.digest('hex')
  if (sha256 === expected.sha256 && sizeBytes === expected.sizeBytes) return
  refuse('invalid', `the bytes that arrived have SHA-256 ${sha256}, announced was ${expected.sha256}`, {
    field: 'sha256',
    details: { sha256, expected: expected.sha256 },
  })
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
async function append(file: string, part: { offset: number; body: Readable; maxBytes: number }): Promise<number> {
  if (!Number.isSafeInteger(part.offset) || part.offset < 0)
    refuse('invalid', 'the offset must be a whole number, zero or more', { field: 'offset' })
  const to = await openForWriting(file)
  try {
    const held = (await to.stat()).size
    if (part.offset > held)
      refuse('gap', `${held} bytes are held, go on there`, { field: 'offset', details: { next: held } })
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

async function writePart(
  to: FileHandle,
  part: { offset: number; body: Readable; maxBytes: number },
  held: number,
): Promise<void> {
  let at = part.offset
  // The stream is the caller's: destroying a request here would cut the connection before the refusal is told.
  for await (const piece of part.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    const room = part.offset + part.maxBytes - at
    const bytes = piece.byteLength > room ? piece.subarray(0, room) : piece
    const skip = Math.min(bytes.byteLength, Math.max(0, held - at))
    await writeAll(to, bytes.subarray(skip), at + skip)
    at += bytes.byteLength
    if (piece.byteLength > room)
      refuse('too_large', `at most ${part.maxBytes} bytes are taken at once`, { details: { maxBytes: part.maxBytes } })
  }
}
