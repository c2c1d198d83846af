/** The way in for every request that names an endpoint: known key, an endpoint it may use, rate, time. */
import type { IncomingMessage } from 'node:http'
import { Refusal, refuse } from '@modelyard/domain/refusal'
import type { RoutingTable, Served } from '../serving/table.ts'
import type { Admission, Key } from './admit.ts'

const DEFAULT_TIMEOUT_MS = 10_000
const MAX_TIMEOUT_MS = 60_000

export type Gate = { admission: Admission; table: RoutingTable }
export type EndpointName = { project: string; name: string }

/**
 * Checks key and endpoint. One answer for "there is none" and "not yours", so that nobody learns what exists.
 * @throws Refusal `unauthenticated`, `not_found`, `unavailable` (known, still loading), `rate_limited`
 */
export function admit(request: IncomingMessage, { project, name }: EndpointName, gate: Gate): Served {
  const key = gate.admission.authenticate(request.headers.authorization, Date.now())
  const wanted = gate.table.wanted(project, name)
  if (!wanted || !key.projectIds.includes(wanted.projectId)) {
    return refuse('not_found', 'There is no such endpoint, or this key may not use it.')
  }
  gate.admission.spend(key, performance.now())
  return find({ project, name }, gate)
}

/** The endpoint as it is served at this moment: asked again once a body was read, because routes move meanwhile. */
export function find({ project, name }: EndpointName, { table }: Gate): Served {
  return (
    table.find(project, name) ??
    refuse('unavailable', 'This endpoint is being loaded.', { details: { retryAfterMs: 1000 } })
  )
}

/** Whether a key may see a project at all. @throws Refusal `unauthenticated` or `not_found` */
export function admitToProject(request: IncomingMessage, project: string, gate: Gate): Key {
  const key = gate.admission.authenticate(request.headers.authorization, Date.now())
  const known = gate.table.projectId(project)
  if (known === undefined || !key.projectIds.includes(known))
    throw new Refusal('not_found', 'There is no such project, or this key may not use it.')
  return key
}

/** When the caller stops waiting, on the clock of `performance.now()`. @throws Refusal `invalid` */
export function deadlineOf(request: IncomingMessage, nowMs: number): number {
  const header = request.headers['x-modelyard-timeout-ms']
  if (header === undefined) return nowMs + DEFAULT_TIMEOUT_MS
  const timeoutMs = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0
  if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    refuse('invalid', `x-modelyard-timeout-ms must be a whole number from 1 to ${MAX_TIMEOUT_MS}.`, {
      field: 'x-modelyard-timeout-ms',
    })
  }
  return nowMs + timeoutMs
}

const MAX_STICKY_CHARS = 256

/** @throws Refusal `invalid` unless it is absent or a text of 1 to 256 characters */
export function stickyKeyOf(value: unknown, field: string): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_STICKY_CHARS) return value
  return refuse('invalid', `${field} must be a text of 1 to ${MAX_STICKY_CHARS} characters.`, { field })
}
