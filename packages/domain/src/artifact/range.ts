/** Which bytes of a file an HTTP request asks for (RFC 9110, sections 13 and 14). */

export type RangeRequest = {
  range: string | null
  ifRange: string | null
  ifNoneMatch: string | null
}
export type RangeAnswer =
  | { kind: 'whole' }
  /** `start` to `end` inclusive, both inside the file. */
  | { kind: 'part'; start: number; end: number }
  | { kind: 'unsatisfiable' }
  /** The caller has it already. */
  | { kind: 'unchanged' }

/**
 * `etag` is the strong validator of the file, in its quotes. A range that is malformed, in another unit or of several
 * parts is answered with the whole file, as the standard lets a server; so is one whose If-Range names other bytes.
 */
export function rangeOf(request: RangeRequest, file: { etag: string; sizeBytes: number }): RangeAnswer {
  const { range, ifRange, ifNoneMatch } = request
  if (ifNoneMatch !== null && namesTag(ifNoneMatch, file.etag)) return { kind: 'unchanged' }
  const spec = range === null ? null : /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(range.replaceAll(' ', ''))
  if (!spec || (ifRange !== null && ifRange.trim() !== file.etag)) return { kind: 'whole' }
  const [, first = '', last = ''] = spec
  return first === '' ? suffix(last, file.sizeBytes) : from(Number(first), last, file.sizeBytes)
}

function namesTag(header: string, etag: string): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

/** The last so many bytes. */
function suffix(last: string, sizeBytes: number): RangeAnswer {
  if (last === '') return { kind: 'whole' }
  const length = Math.min(Number(last), sizeBytes)
  return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start: sizeBytes - length, end: sizeBytes - 1 }
}

function from(start: number, last: string, sizeBytes: number): RangeAnswer {
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  return start < sizeBytes ? { kind: 'part', start, end } : { kind: 'unsatisfiable' }
}
