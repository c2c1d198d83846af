/** What an answer is, and how refusals become one: the one table from codes to this transport's statuses. */
import { isRefusal, Refusal, type RefusalCode } from '@modelyard/domain/refusal'

export type Reply = { status: number; body: string | Uint8Array; headers: Record<string, string> }

const STATUS: Record<RefusalCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  fenced: 409,
  gap: 409,
  busy: 503,
  too_large: 413,
  rate_limited: 429,
  unsupported: 415,
  blocked: 409,
  mismatch: 422,
  upgrade: 426,
  timeout: 504,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json', ...headers } }
}

/** Anything thrown as a refusal: what is not one is a fault of ours, and says nothing about itself. */
export function refusalOf(error: unknown): Refusal {
  return isRefusal(error)
    ? error
    : new Refusal('internal', 'A fault of ours; the log has its cause under the trace id.')
}

/** Status and headers of a refusal; each protocol adds its own body. */
export function statusOf(refusal: Refusal): { status: number; headers: Record<string, string> } {
  const retryAfterMs = refusal.details?.retryAfterMs
  const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : refusal.code === 'unavailable' ? 1000 : undefined
  const headers: Record<string, string> =
    waitMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
  if (refusal.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer'
  return { status: STATUS[refusal.code], headers }
}

export function failure(error: unknown, traceId: string): Reply {
  const refusal = refusalOf(error)
  const { status, headers } = statusOf(refusal)
  return json(status, { error: { ...refusal.toJSON(), traceId } }, headers)
}
