import { isRefusal, type RefusalCode } from '@modelyard/domain'
import { type Ctx, type Hub, refusalFor } from '@modelyard/services'
import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError, z } from 'zod'

/** What a door hands to every call: a context whose principal it established, or null for nobody. */
export type CallContext = {
  ctx: Ctx | null
  /** Waits and change feed of this process. */
  hub: Pick<Hub, 'arm' | 'changes'>
  /** Told of every call's end; the door counts and times them. */
  observe?: (call: { path: string; code: string; durationMs: number }) => void
}

type TrpcCode = TRPCError['code']

/** The one table from refusals to tRPC (and so to HTTP) codes. */
const CODES: Record<RefusalCode, TrpcCode> = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  stale: 'CONFLICT',
  fenced: 'CONFLICT',
  gap: 'CONFLICT',
  busy: 'TOO_MANY_REQUESTS',
  too_large: 'PAYLOAD_TOO_LARGE',
  rate_limited: 'TOO_MANY_REQUESTS',
  unsupported: 'UNPROCESSABLE_CONTENT',
  blocked: 'PRECONDITION_FAILED',
  mismatch: 'UNPROCESSABLE_CONTENT',
  upgrade: 'PRECONDITION_FAILED',
  timeout: 'TIMEOUT',
  unavailable: 'SERVICE_UNAVAILABLE',
  storage_full: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
}

const t = initTRPC.context<CallContext>().create({
  sse: {
    ping: { enabled: true, intervalMs: 10_000 },
    maxDurationMs: 10 * 60_000,
    client: { reconnectAfterInactivityMs: 30_000 },
  },
  errorFormatter: ({ shape, error }) => {
    const { stack: _, ...data } = shape.data
    if (isRefusal(error.cause))
      return { ...shape, message: error.cause.message, data: { ...data, refusal: error.cause.toJSON() } }
    if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) {
      const issue = error.cause.issues[0]
      const field = issue?.path.join('.') || undefined
      const message = field
        ? `${field}: ${issue?.message}`
        : (issue?.message ?? 'the request is not of the right shape')
      return {
        ...shape,
        message,
        data: { ...data, refusal: { code: 'invalid', message, field, details: z.flattenError(error.cause) } },
      }
    }
    if (error.code === 'INTERNAL_SERVER_ERROR')
      return { ...shape, message: 'a fault of ours; the log has its cause', data }
    return { ...shape, data }
  },
})

/** Refusals become tRPC errors here and nowhere else; what is none is thrown on as it is. */
export function throwRefused(error: unknown): never {
  const refusal = refusalFor(error)
  if (refusal === null) throw error
  throw new TRPCError({ code: CODES[refusal.code], message: refusal.message, cause: refusal })
}

const refusals = t.middleware(async ({ ctx: call, path, next }) => {
  const startedAt = performance.now()
  const result = await next()
  const refusal = result.ok ? null : refusalFor(result.error.cause)
  const code = result.ok ? 'ok' : (refusal?.code ?? result.error.code)
  call.observe?.({ path, code, durationMs: performance.now() - startedAt })
  if (refusal) throwRefused(refusal)
  return result
})

const known = refusals.unstable_pipe(async ({ ctx: call, next }) => {
  if (!call.ctx)
    throw new TRPCError({ code: 'UNAUTHORIZED', message: 'sign in, or send a key or token as a bearer token' })
  return next({ ctx: { ctx: call.ctx, hub: call.hub } })
})

/**
 * The only way to define a procedure: nobody anonymous passes, and each verb checks the role in the project it is for.
 * There is no public procedure.
 */
export const procedure = t.procedure.use(known)
export const { router, createCallerFactory, mergeRouters } = t
