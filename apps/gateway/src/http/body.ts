/** Reads a request's body, bounded before memory is taken. */
import type { IncomingMessage } from 'node:http'
import { Refusal, refuse } from '@modelyard/domain/refusal'

const tooLarge = (maxBytes: number) => new Refusal('too_large', `The body may have at most ${maxBytes} bytes.`)

/** @throws Refusal `too_large`, `unsupported` for a compressed body, `invalid` when it ends early */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') refuse('unsupported', 'Compressed bodies are not taken.')
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  // Listeners and no iterator: this is paid by every prediction.
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    const fail = (error: Refusal) => {
      request.off('data', take)
      reject(error)
    }
    const take = (part: Buffer) => {
      size += part.length
      if (size > maxBytes) fail(tooLarge(maxBytes))
      else parts.push(part)
    }
    request.on('data', take)
    request.once('end', () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)))
    const endedEarly = () => {
      if (!request.complete) fail(new Refusal('invalid', 'The body ended early.'))
    }
    request.once('error', endedEarly)
    request.once('close', endedEarly)
  })
}

/** @throws Refusal `unsupported` (415) unless the media type is one of those */
export function checkMediaType(request: IncomingMessage, allowed: readonly string[]): void {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!allowed.includes(type))
    refuse('unsupported', `Send ${allowed.filter(Boolean).join(' or ')}.`, { field: 'content-type' })
}

/** @throws Refusal `invalid` unless the bytes are a JSON object */
export function parseObject(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return refuse('invalid', 'The body is not valid JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('invalid', 'The body must be a JSON object.')
  return value as Record<string, unknown>
}
