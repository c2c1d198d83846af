import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { formatId } from '@modelyard/domain'
import type { StoredBlob } from '../store.ts'

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const blob = (bytes: Uint8Array) => ({ sha256: sha256(bytes), sizeBytes: bytes.byteLength })
export const part = (bytes: Uint8Array, offset = 0) => ({ offset, body: Readable.from([bytes]), maxBytes: 1 << 20 })
let uploads = 0
export const newUpload = () => formatId('upl', 1_700_000_000_000 + uploads++, new Uint8Array(10))
/** A body that gives these and then breaks off, as a lost connection does. */
export const broken = (...pieces: string[]) =>
  Readable.from(
    (async function* () {
      for (const piece of pieces) yield Buffer.from(piece)
      throw new Error('aborted')
    })(),
  )
/** `megabytes` of a counted pattern, without holding them. */
export function stretch(megabytes: number): { body: Readable; blob: StoredBlob } {
  const chunks = [1, 2, 3].map((value) => Buffer.alloc(1 << 20, value))
  const chunk = (index: number) => chunks[index % 3] as Buffer
  const hash = createHash('sha256')
  for (let index = 0; index < megabytes; index++) hash.update(chunk(index))
  const pieces = (function* () {
    for (let index = 0; index < megabytes; index++) yield chunk(index)
  })()
  return { body: Readable.from(pieces), blob: { sha256: hash.digest('hex'), sizeBytes: megabytes << 20 } }
}
