import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { WireRequest } from './endpoint.ts'
import { writeJson } from './json.ts'

const compress = promisify(gzip)
/** Below this, packing costs more than it spares. */
const WORTH_PACKING_BYTES = 4_096

/** A JSON answer, packed when it is long and the client can unpack it. */
export async function answerJson(
  request: Pick<WireRequest, 'headers'>,
  answer: { status: number; headers?: Record<string, string>; body: object },
): Promise<Response> {
  const headers = new Headers(answer.headers)
  headers.set('content-type', 'application/json')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('cache-control', 'no-store')
  const text = writeJson(answer.body)
  if (text.length < WORTH_PACKING_BYTES || !takesGzip(request.headers.get('accept-encoding') ?? '')) {
    return new Response(text, { status: answer.status, headers })
  }
  headers.set('content-encoding', 'gzip')
  headers.set('vary', 'accept-encoding')
  const packed = await compress(text, { level: constants.Z_BEST_SPEED })
  return new Response(packed, { status: answer.status, headers })
}

function takesGzip(accepted: string): boolean {
  return accepted.split(',').some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)[\d.]+\s*)?$/i.test(coding))
}
