import { Readable } from 'node:stream'
import { isId, refuse } from '@modelyard/domain'
import type { ByteRange, ByteSource, StoredBlob } from './store.ts'

const SHA256 = /^[0-9a-f]{64}$/

/** The text, if it has the shape of a hash: a name from outside is never part of a path otherwise. */
export function hashShaped(sha256: string): string {
  return SHA256.test(sha256) ? sha256 : refuse('invalid', 'this is no lower-case SHA-256', { field: 'sha256' })
}

/** The same for the id of a resumable upload. */
export function uploadShaped(uploadId: string): string {
  return isId('upl', uploadId) ? uploadId : refuse('invalid', 'this is no upload id', { field: 'uploadId' })
}

/** The part of the range that lies in `sizeBytes` bytes. Refusal `invalid` when none does. */
export function rangeWithin({ start, end }: ByteRange, sizeBytes: number): ByteRange {
  const isWhole = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  if (isWhole && start >= 0 && end >= start && start < sizeBytes) return { start, end: Math.min(end, sizeBytes - 1) }
  return refuse('invalid', `bytes ${start} to ${end} do not lie in a blob of ${sizeBytes} bytes`, {
    field: 'range',
    details: { sizeBytes },
  })
}

export function noBlob(sha256: string): never {
  return refuse('not_found', `there is no blob ${sha256}`, { field: 'sha256' })
}

/** Refusal `too_large` for a blob that was to be read whole. */
export function requireSmall(blob: StoredBlob, maxBytes: number): void {
  const { sha256, sizeBytes } = blob
  if (sizeBytes <= maxBytes) return
  refuse('too_large', `blob ${sha256} has ${sizeBytes} bytes, at most ${maxBytes} are read here`, {
    details: { sizeBytes, maxBytes },
  })
}

/** Where a part may begin when `held` bytes are there. Refusals `invalid`, `gap`. */
export function requireOffset(offset: number, held: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0)
    refuse('invalid', 'the offset must be a whole number, zero or more', { field: 'offset' })
  if (offset > held) refuse('gap', `${held} bytes are held, go on there`, { field: 'offset', details: { next: held } })
}

/** Whether exactly the announced bytes have arrived, by number. Refusals `gap`, `invalid`. */
export function requireArrived(received: number, expected: StoredBlob): void {
  if (received < expected.sizeBytes)
    refuse('gap', `${received} of ${expected.sizeBytes} bytes have arrived`, { details: { next: received } })
  if (received > expected.sizeBytes)
    refuse('invalid', `${received} bytes arrived where ${expected.sizeBytes} were announced`, { field: 'sizeBytes' })
}

/** Refusal `invalid` naming both hashes when other bytes arrived than were announced. */
export function requireSame(arrived: StoredBlob, expected: StoredBlob): void {
  if (arrived.sha256 === expected.sha256 && arrived.sizeBytes === expected.sizeBytes) return
  refuse('invalid', `the bytes that arrived have SHA-256 ${arrived.sha256}, announced was ${expected.sha256}`, {
    field: 'sha256',
    details: { sha256: arrived.sha256, expected: expected.sha256 },
  })
}

/** Refusal for a body that is longer than it may be. */
export function tooLong(maxBytes: number): never {
  return refuse('too_large', `at most ${maxBytes} bytes are taken at once`, { details: { maxBytes } })
}

/**
 * The pieces of a body that stays its owner's: leaving the loop early does not destroy a stream, so that a refusal can
 * still be answered on the same connection.
 */
export function piecesOf(body: ByteSource): AsyncIterable<Uint8Array> {
  return body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body
}
