/** What MLflow's clients understand of a fault: a code of theirs and the status that goes with it. */
import type { Refusal, RefusalCode } from '@modelyard/domain'
import { refusalFor } from '@modelyard/services'
import { ZodError } from 'zod'

/**
 * The codes clients know with our statuses. Clients repeat every 429 and 5xx for minutes, so what will fail again in the
 * same way stands below 500; of those above only 501 is not repeated.
 */
export const MLFLOW_STATUS = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  INVALID_STATE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_FOUND: 404,
  ENDPOINT_NOT_FOUND: 404,
  ABORTED: 409,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const
export type MlflowCode = keyof typeof MLFLOW_STATUS

/** The one table from refusals to MLflow's codes; a refusal whose `details.mlflow` names a code gets that one. */
const CODES: Record<RefusalCode, MlflowCode> = {
  invalid: 'INVALID_PARAMETER_VALUE',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  not_found: 'RESOURCE_DOES_NOT_EXIST',
  conflict: 'RESOURCE_CONFLICT',
  stale: 'RESOURCE_CONFLICT',
  fenced: 'ABORTED',
  gap: 'RESOURCE_CONFLICT',
  busy: 'REQUEST_LIMIT_EXCEEDED',
  too_large: 'INVALID_PARAMETER_VALUE',
  rate_limited: 'REQUEST_LIMIT_EXCEEDED',
  unsupported: 'BAD_REQUEST',
  blocked: 'INVALID_STATE',
  mismatch: 'RESOURCE_CONFLICT',
  upgrade: 'BAD_REQUEST',
  timeout: 'TEMPORARILY_UNAVAILABLE',
  unavailable: 'TEMPORARILY_UNAVAILABLE',
  storage_full: 'TEMPORARILY_UNAVAILABLE',
  internal: 'INTERNAL_ERROR',
}

export type Fault = {
  status: number
  headers: Record<string, string>
  body: { error_code: MlflowCode; message: string }
  /** Whether it is ours, for the log. */
  ours: boolean
}

/** A fault that only this transport knows. */
export function faultOf(code: MlflowCode, message: string, headers: Record<string, string> = {}): Fault {
  return { status: MLFLOW_STATUS[code], headers, body: { error_code: code, message }, ours: false }
}

/** Anything thrown as an answer: refusals and fields of the wrong shape say what is wrong, all else only that it is ours. */
export function faultFrom(error: unknown): Fault {
  const refusal = refusalFor(error)
  if (refusal) return { ...ofRefusal(refusal), ours: refusal !== error }
  if (error instanceof ZodError) return faultOf('INVALID_PARAMETER_VALUE', sayIssue(error))
  return { ...faultOf('INTERNAL_ERROR', 'a fault of ours; the log has its cause'), ours: true }
}

function ofRefusal(refusal: Refusal): Fault {
  const { code, message, field, details } = refusal
  const named = typeof details?.mlflow === 'string' && Object.hasOwn(MLFLOW_STATUS, details.mlflow)
  const said = field === undefined || message.includes(field) ? message : `${field}: ${message}`
  const fault = faultOf(named ? (details?.mlflow as MlflowCode) : CODES[code], said)
  if (code === 'unauthenticated') fault.headers['www-authenticate'] = 'Basic realm="mlflow"'
  if (fault.status === 429 || code === 'unavailable')
    fault.headers['retry-after'] = String(retryAfterS(details?.retryAfterMs))
  return { ...fault, status: STATUS_OF_ITS_OWN[code] ?? fault.status }
}

/** An artifact of any size is fine and a body of fields is not; a full disk is full the next minute too. */
const STATUS_OF_ITS_OWN: Partial<Record<RefusalCode, number>> = { too_large: 413, storage_full: 507 }

const retryAfterS = (ms: unknown) => (typeof ms === 'number' ? Math.max(1, Math.ceil(ms / 1000)) : 1)

function sayIssue({ issues }: ZodError): string {
  const [issue] = issues
  const field = (issue?.path ?? []).reduce<string>(
    (path, part) =>
      typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
    '',
  )
  return `Invalid value for parameter '${field || 'body'}': ${issue?.message ?? 'it is not of the right shape'}`
}
