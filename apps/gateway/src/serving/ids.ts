/** Prediction ids and trace contexts, made for every row of every request: cheap, and from the system's randomness. */
import { randomBytes, randomFillSync } from 'node:crypto'
import { formatId } from '@modelyard/domain/id'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_CHARS = 16
const POOL_BYTES = RANDOM_CHARS * 256
const PREFIX_CHARS = 'prd_'.length + 10

const NO_RANDOM = new Uint8Array(10)

/** Makes ids of the house's layout (domain/id): the time's ten characters are kept while the millisecond lasts. */
export function createPredictionIds(): (nowMs: number) => string {
  const pool = new Uint8Array(POOL_BYTES)
  let used = POOL_BYTES
  let lastMs = -1
  let prefix = ''
  return (nowMs) => {
    if (nowMs !== lastMs) {
      prefix = formatId('prd', nowMs, NO_RANDOM).slice(0, PREFIX_CHARS)
      lastMs = nowMs
    }
    if (used === POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    let id = prefix
    for (const end = used + RANDOM_CHARS; used < end; used++) id += ALPHABET[(pool[used] ?? 0) & 31]
    return id
  }
}

/** W3C trace context of a request: the caller's trace goes on, or a new one begins. */
export type TraceContext = { traceId: string; traceparent: string }

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

export function traceContextOf(header: string | undefined): TraceContext {
  const match = header && header.length < 64 ? TRACEPARENT.exec(header) : null
  const random = randomBytes(24).toString('hex')
  const traceId = match?.[1] ?? random.slice(0, 32)
  const spanId = random.slice(32)
  return { traceId, traceparent: `00-${traceId}-${spanId}-${match?.[3] ?? '01'}` }
}
