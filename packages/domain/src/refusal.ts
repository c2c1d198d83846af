/**
 * Refusals: the one way in which any part of the product says no. Transports keep a small table from code to their
 * own status (HTTP, tRPC, exit code); nothing else invents a code.
 */

/** Every code with what it means to the caller and whether the same call may succeed later unchanged. */
export const REFUSALS = {
  invalid: { meaning: 'The request itself is wrong; the named field says where.', retryable: false },
  unauthenticated: {
    meaning: 'Nobody is signed in, or the key or token is unknown, expired or revoked.',
    retryable: false,
  },
  forbidden: { meaning: 'The caller is known but lacks the role or scope for this.', retryable: false },
  not_found: { meaning: 'No such thing in this project.', retryable: false },
  conflict: { meaning: 'The thing is in a state that does not allow this, or it already exists.', retryable: false },
  stale: { meaning: 'The caller saw an older revision; read again, then decide again.', retryable: false },
  fenced: { meaning: 'This attempt has been replaced; stop its work, nothing it sends counts.', retryable: false },
  gap: { meaning: 'Bytes or a sequence number are missing; `details.next` is where to go on.', retryable: false },
  busy: { meaning: 'Too much at once; `details.retryAfterMs` says when to try again.', retryable: true },
  too_large: { meaning: 'The request exceeds a stated size limit.', retryable: false },
  rate_limited: {
    meaning: 'The caller spent its rate; `details.retryAfterMs` says when to try again.',
    retryable: true,
  },
  unsupported: { meaning: 'A format, version or feature that this installation does not speak.', retryable: false },
  blocked: { meaning: 'A gate, an approval or a policy stands against it; `details` names which.', retryable: false },
  mismatch: { meaning: 'The same idempotency key was used with a different request.', retryable: false },
  upgrade: { meaning: 'The program is too old for this server; `details.min` is the least version.', retryable: false },
  timeout: { meaning: 'The deadline passed before an answer was ready.', retryable: true },
  unavailable: { meaning: 'A part that is needed does not answer at the moment.', retryable: true },
  storage_full: { meaning: 'There is no room left to store it; whoever runs this must make some.', retryable: true },
  internal: { meaning: 'A fault of ours; the log has the cause under the trace id.', retryable: true },
} as const satisfies Record<string, { meaning: string; retryable: boolean }>

export type RefusalCode = keyof typeof REFUSALS
export type RefusalDetails = Readonly<Record<string, unknown>>
export type RefusalContext = { field?: string; details?: RefusalDetails; cause?: unknown }

/** A refusal names the field or entity it is about; its message is safe to show to the caller. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly field: string | undefined
  readonly details: RefusalDetails | undefined

  constructor(code: RefusalCode, message: string, context: RefusalContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause })
    this.name = 'Refusal'
    this.code = code
    this.field = context.field
    this.details = context.details
  }

  get retryable(): boolean {
    return REFUSALS[this.code].retryable
  }

  toJSON(): { code: RefusalCode; message: string; field?: string; details?: RefusalDetails } {
    return {
      code: this.code,
      message: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.details === undefined ? {} : { details: this.details }),
    }
  }
}

/** Throw a Refusal. */
export function refuse(code: RefusalCode, message: string, context: RefusalContext = {}): never {
  throw new Refusal(code, message, context)
}

/** Whether something caught is a Refusal, also across bundles that carry two copies of this class. */
export function isRefusal(error: unknown): error is Refusal {
  if (error instanceof Refusal) return true
  return error instanceof Error && error.name === 'Refusal' && 'code' in error && isRefusalCode(error.code)
}

export function isRefusalCode(code: unknown): code is RefusalCode {
  return typeof code === 'string' && Object.hasOwn(REFUSALS, code)
}
