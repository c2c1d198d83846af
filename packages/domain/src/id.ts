/**
 * Identifiers: `<prefix>_<26 lower-case Crockford base32 characters>`, 48 bits of milliseconds then 80 random bits,
 * so that text order is creation order and the prefix says what the thing is (the layout of ULID and TypeID).
 */
import { refuse } from './refusal.ts'

/** Every prefix and the noun it stands for. A new table with an id adds its line here. */
export const ID_PREFIXES = {
  prj: 'project',
  usr: 'user',
  mem: 'membership',
  key: 'API key',
  ds: 'dataset',
  dsv: 'dataset version',
  exp: 'experiment',
  run: 'run',
  lm: 'logged model',
  lds: 'logged dataset',
  job: 'job',
  att: 'attempt',
  rnr: 'runner',
  enr: 'enrolment token',
  mdl: 'model',
  mv: 'model version',
  evl: 'evaluation',
  apr: 'approval',
  ep: 'endpoint',
  var: 'variant',
  ro: 'rollout',
  prd: 'prediction',
  fbk: 'feedback',
  drf: 'drift report',
  alt: 'alert',
  chn: 'alert channel',
  dlv: 'delivery',
  sil: 'silence',
  art: 'artifact',
  upl: 'upload',
  gwy: 'gateway',
  whk: 'webhook',
  whd: 'webhook delivery',
  vw: 'saved view',
  lgr: 'ledger entry',
} as const

export type IdPrefix = keyof typeof ID_PREFIXES
export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BODY = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/
const MAX_TIME_MS = 2 ** 48 - 1
const RANDOM_BYTES = 10

/**
 * Make an id out of a time and ten random bytes, both given by the caller.
 * @throws Refusal `invalid` when the time does not fit 48 bits or the bytes are not ten.
 */
export function formatId<P extends IdPrefix>(prefix: P, timeMs: number, random10bytes: Uint8Array): Id<P> {
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME_MS) {
    refuse('invalid', `an id needs a time in whole milliseconds below 2^48, not ${timeMs}`, { field: 'timeMs' })
  }
  if (random10bytes.length !== RANDOM_BYTES) {
    refuse('invalid', `an id needs ${RANDOM_BYTES} random bytes, not ${random10bytes.length}`, {
      field: 'random10bytes',
    })
  }
  let bits = BigInt(timeMs)
  for (const byte of random10bytes) bits = (bits << 8n) | BigInt(byte)
  return `${prefix}_${bodyOf(bits)}`
}

/** Whether the text is an id of that prefix, by shape only. */
export function isId<P extends IdPrefix>(prefix: P, text: unknown): text is Id<P> {
  return typeof text === 'string' && text.startsWith(`${prefix}_`) && BODY.test(text.slice(prefix.length + 1))
}

/**
 * The 128 bits of an id as 32 lower-case hexadecimal digits, which is how MLflow clients write the ids of runs.
 * @throws Refusal `invalid` for what is no id.
 */
export function hexOfId(id: string): string {
  return bitsOf(id).toString(16).padStart(32, '0')
}

/** The id of that prefix with these 128 bits, given as 32 lower-case hexadecimal digits; null for any other text. */
export function idOfHex<P extends IdPrefix>(prefix: P, hex: string): Id<P> | null {
  return /^[0-9a-f]{32}$/.test(hex) ? `${prefix}_${bodyOf(BigInt(`0x${hex}`))}` : null
}

function bodyOf(bits: bigint): string {
  let body = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) body += ALPHABET[Number((bits >> shift) & 31n)]
  return body
}

function bitsOf(id: string): bigint {
  const prefix = prefixOf(id)
  if (prefix === null) return refuse('invalid', `"${id}" is no id`, { field: 'id' })
  let bits = 0n
  for (const character of id.slice(prefix.length + 1)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character))
  return bits
}

/** The prefix of any well-formed id, or null. */
export function prefixOf(text: string): IdPrefix | null {
  const prefix = text.slice(0, Math.max(0, text.indexOf('_')))
  return prefix in ID_PREFIXES && isId(prefix as IdPrefix, text) ? (prefix as IdPrefix) : null
}

/** Creation time in milliseconds since 1970 that an id carries. @throws Refusal `invalid` for anything else. */
export function timeOfId(id: string): number {
  return Number(bitsOf(id) >> 80n)
}
