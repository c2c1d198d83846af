import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { gzipOfParts, type Packed, textOfParts } from '@modelyard/services'
import type { WireRequest } from './endpoint.ts'
import { writeJson } from './json.ts'

type Fields = Readonly<Record<string, string>>

/**
 * An answer on its way out: what a Response is, but its body may be one of Node's streams. A gigabyte that passes through
 * WHATWG streams costs twice the time and memory.
 */
export class Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer | Readable

  constructor(status: number, headers: Fields | Headers, body: string | Buffer | Readable = '') {
    this.status = status
    this.headers = new Headers(headers)
    this.body = typeof body === 'string' ? Buffer.from(body) : body
  }
}

const compress = promisify(gzip)
/** Below this, packing costs more than it spares. */
const WORTH_PACKING_BYTES = 4_096

/** A JSON answer, packed when it is long and the client can unpack it. */
export async function answerJson(
  request: Pick<WireRequest, 'headers'>,
  answer: { status: number; headers?: Fields; body: object },
): Promise<Reply> {
  const headers = jsonHeaders(answer.headers)
  const text = writeJson(answer.body)
  if (text.length < WORTH_PACKING_BYTES || !takesGzip(request.headers.get('accept-encoding') ?? '')) {
    return new Reply(answer.status, headers, text)
  }
  const packed = await compress(text, { level: constants.Z_BEST_SPEED })
  return new Reply(answer.status, asGzip(headers), packed)
}

/** A JSON answer of parts that are packed already. */
export function answerParts(request: Pick<WireRequest, 'headers'>, parts: readonly (string | Packed)[]): Reply {
  const headers = jsonHeaders()
  return takesGzip(request.headers.get('accept-encoding') ?? '')
    ? new Reply(200, asGzip(headers), gzipOfParts(parts))
    : new Reply(200, headers, textOfParts(parts))
}

function jsonHeaders(more?: Fields): Headers {
  const headers = new Headers(more)
  headers.set('content-type', 'application/json')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('cache-control', 'no-store')
  return headers
}

function asGzip(headers: Headers): Headers {
  headers.set('content-encoding', 'gzip')
  headers.set('vary', 'accept-encoding')
  return headers
}

function takesGzip(accepted: string): boolean {
  return accepted.split(',').some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(coding))
}
