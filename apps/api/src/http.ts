import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RefusalCode, refuse } from '@modelyard/domain'
import { refusalFor } from '@modelyard/services'

/** The one table from refusals to HTTP statuses for routes that carry bytes. */
const STATUS: Record<RefusalCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  fenced: 409,
  gap: 409,
  busy: 429,
  too_large: 413,
  rate_limited: 429,
  unsupported: 422,
  blocked: 412,
  mismatch: 422,
  upgrade: 412,
  timeout: 504,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(body))
}

/** Answer a failure: refusals say what is wrong, all else says only that it is ours. Returns whether it was ours. */
export function sendFailure(response: ServerResponse, error: unknown): boolean {
  const refusal = refusalFor(error)
  const ours = refusal !== error
  if (response.headersSent) {
    response.destroy()
    return ours
  }
  if (refusal) {
    const retryAfterMs = refusal.details?.retryAfterMs
    if (typeof retryAfterMs === 'number') response.setHeader('retry-after', Math.max(1, Math.ceil(retryAfterMs / 1000)))
    sendJson(response, STATUS[refusal.code], { error: refusal.toJSON() })
  } else sendJson(response, 500, { error: { code: 'internal', message: 'a fault of ours; the log has its cause' } })
  return ours
}

export function bearerOf(request: IncomingMessage): string | null {
  const match = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.headers.authorization ?? '')
  return match?.[1] ?? null
}

/** A whole number from the query string. Refusal `invalid` naming it. */
export function wholeNumber(url: URL, name: string): number {
  const text = url.searchParams.get(name)
  const value = text === null || !/^\d{1,15}$/.test(text) ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : refuse('invalid', `${name} must be a whole number`, { field: name })
}
