import { refuse } from '../refusal.ts'

/** In UTF-8: what an index of PostgreSQL holds with room to spare, and more than file systems take. */
const MAX_PATH_BYTES = 1_024
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\\]/
const DRIVE = /^[A-Za-z]:/
/** Deeper encodings than any client makes; whoever decodes once too often must still not leave the folder. */
const DECODINGS = 4

/**
 * A path inside the artifacts of a run, model or version: relative, plain names between slashes, in which nothing means
 * anything else on another system or to a program that decodes it again. Given as it reads after percent-decoding once.
 * @throws Refusal `invalid` naming `path`
 */
export function requireArtifactPath(path: string): string {
  const fault = faultOfPath(path)
  return fault === null ? path : refuse('invalid', `Invalid path: ${fault}`, { field: 'path' })
}

/** The same for a folder, where '' is all of it and one slash at the end is taken off. */
export function requireArtifactFolder(path: string): string {
  const folder = path.endsWith('/') ? path.slice(0, -1) : path
  return path === '' ? '' : requireArtifactPath(folder)
}

function faultOfPath(path: string): string | null {
  if (utf8Length(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`
  if (!path.isWellFormed()) return 'it is no well-formed Unicode'
  let reading = path
  for (let round = 0; round < DECODINGS; round++) {
    const fault = faultOfReading(reading)
    if (fault !== null) return fault
    const next = decodedAgain(reading)
    if (next === reading) return null
    reading = next
  }
  return 'it is encoded many times over'
}

function faultOfReading(path: string): string | null {
  if (path.startsWith('/')) return 'it must be relative'
  if (path.split('/').some((name) => name === '' || name === '.' || name === '..'))
    return 'it must be plain names between single slashes'
  if (UNWANTED.test(path)) return 'it holds a control character or a backslash'
  return DRIVE.test(path) ? 'it begins with a drive' : null
}

/** A name with a plain percent sign, such as `100%.txt`, decodes to nothing else. */
function decodedAgain(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
