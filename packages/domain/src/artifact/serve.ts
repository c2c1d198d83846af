import { type RangeRequest, rangeOf } from './range.ts'

export type ServedFile = { path: string; sha256: string; sizeBytes: number; mediaType: string }
export type Serving = {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string>
  /** Which bytes follow: all of them, a part, or none. */
  send: 'whole' | 'nothing' | { start: number; end: number }
}

/**
 * How a file that anybody may have written is answered over HTTP: as a download that no browser opens as a page of
 * ours, whole or in part. Its hash is its ETag, so a caller that has it need not fetch it again.
 */
export function serveFile(file: ServedFile, request: RangeRequest): Serving {
  const { sizeBytes } = file
  const etag = `"${file.sha256}"`
  const answer = rangeOf(request, { etag, sizeBytes })
  const facts = {
    etag,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  }
  if (answer.kind === 'unchanged') return { status: 304, headers: facts, send: 'nothing' }
  if (answer.kind === 'unsatisfiable') {
    const headers = { ...facts, 'content-range': `bytes */${sizeBytes}`, 'content-length': '0' }
    return { status: 416, headers, send: 'nothing' }
  }
  const headers = {
    ...facts,
    'content-type': file.mediaType,
    'content-disposition': dispositionOf(file.path),
    'content-security-policy': 'sandbox',
  }
  if (answer.kind === 'whole')
    return { status: 200, headers: { ...headers, 'content-length': String(sizeBytes) }, send: 'whole' }
  const { start, end } = answer
  const range = { 'content-range': `bytes ${start}-${end}/${sizeBytes}`, 'content-length': String(end - start + 1) }
  return { status: 206, headers: { ...headers, ...range }, send: { start, end } }
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** A name that is no plain token goes percent-encoded in UTF-8 (RFC 8187), so it cannot end the header. */
function dispositionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (TOKEN.test(name)) return `attachment; filename=${name}`
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename*=UTF-8''${encoded}`
}
