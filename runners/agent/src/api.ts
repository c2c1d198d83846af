import { setTimeout as sleep } from 'node:timers/promises'
import type { RefusalCode } from '@modelyard/domain'
import { isRefusalCode } from '@modelyard/domain/refusal'
import { inject } from '@modelyard/telemetry'
import type { AppRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000
const TRY_MS = 20_000
const BYTES_MS = 300_000
/** Answers that the same call gets again however often it is made; all else is worth another try. */
const FINAL: readonly RefusalCode[] = [
  'invalid',
  'forbidden',
  'not_found',
  'conflict',
  'stale',
  'fenced',
  'gap',
  'too_large',
  'unsupported',
  'blocked',
  'mismatch',
  'upgrade',
]

/** What the control plane said no to, whichever way it was asked. */
export class ApiRefusal extends Error {
  readonly code: RefusalCode
  readonly next: number | null
  readonly retryAfterMs: number | null

  constructor(refusal: { code: RefusalCode; message: string; details?: Record<string, unknown> | undefined }) {
    super(refusal.message)
    this.name = 'ApiRefusal'
    this.code = refusal.code
    const { next, retryAfterMs } = refusal.details ?? {}
    this.next = typeof next === 'number' ? next : null
    this.retryAfterMs = typeof retryAfterMs === 'number' ? retryAfterMs : null
  }
}

type Said = { code?: unknown; message?: unknown; details?: Record<string, unknown> }

function refusalOf(said: Said | undefined): ApiRefusal | null {
  if (!said || !isRefusalCode(said.code)) return null
  return new ApiRefusal({ code: said.code, message: String(said.message), details: said.details })
}

/** The refusal inside an error of a call, or null for anything else (no connection, a fault of the server). */
export function asRefusal(error: unknown): ApiRefusal | null {
  if (error instanceof ApiRefusal) return error
  if (!(error instanceof TRPCClientError)) return null
  const data = error.data as { refusal?: Said; code?: string } | undefined
  if (data?.code === 'UNAUTHORIZED') return new ApiRefusal({ code: 'unauthenticated', message: error.message })
  return refusalOf(data?.refusal)
}

export const isFinal = (error: unknown): boolean => {
  const refusal = asRefusal(error)
  return refusal !== null && FINAL.includes(refusal.code)
}

/** Before try number `failures` + 1: anywhere in an interval that doubles up to ten seconds, so that no herd forms. */
export function pauseMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, failures))
}

/** What is asked during an attempt belongs to its trace. */
function traceHeader(): { traceparent?: string } {
  const traceparent = inject()
  return traceparent === null ? {} : { traceparent }
}

export type ApiConfig = {
  url: string
  token: string
  /** Told of every failed call, and of every answer. */
  onError: (operation: string, error: unknown) => void
  onContact: () => void
}

/** Calls of one credential. Every method may be repeated without harm: that is how the protocol is made. */
export function createApi(config: ApiConfig) {
  const base = config.url.replace(/\/$/, '')
  const authorization = `Bearer ${config.token}`
  // Never the batch link: a long poll would hold back every call that shares its batch.
  const trpc = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${base}/trpc`, headers: () => ({ authorization, ...traceHeader() }) })],
  })

  /** Call until there is an answer or a final refusal; each try has its time. @throws ApiRefusal, or the abort */
  async function persist<T>(
    operation: string,
    call: (signal: AbortSignal) => Promise<T>,
    until: { signal: AbortSignal; tryMs?: number },
  ): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        const answer = await call(AbortSignal.any([until.signal, AbortSignal.timeout(until.tryMs ?? TRY_MS)]))
        config.onContact()
        return answer
      } catch (error) {
        if (until.signal.aborted) throw error
        const refusal = asRefusal(error)
        if (refusal && isFinal(refusal)) throw refusal
        config.onError(operation, error)
        await sleep(refusal?.retryAfterMs ?? pauseMs(failures), undefined, { signal: until.signal })
      }
    }
  }

  async function request(path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization, 'content-type': 'application/octet-stream', ...traceHeader() }
    const response = await fetch(`${base}${path}`, { ...init, headers })
    if (response.ok) return response
    const body = (await response.json().catch(() => ({}))) as { error?: Said }
    throw refusalOf(body.error) ?? new Error(`${init.method} ${path} answered ${response.status}`)
  }
  /** Send bytes until they are taken; answers what the other side says of them. */
  const put = (operation: string, path: string, args: { body: Uint8Array<ArrayBuffer>; signal: AbortSignal }) =>
    persist<unknown>(
      operation,
      async (signal) => (await request(path, { method: 'PUT', body: args.body, signal })).json(),
      { signal: args.signal, tryMs: BYTES_MS },
    )
  /** Fetch until `take` has had all of it. */
  const get = <T>(
    operation: string,
    path: string,
    args: { take: (response: Response) => Promise<T>; signal: AbortSignal },
  ) =>
    persist(operation, async (signal) => args.take(await request(path, { method: 'GET', signal })), {
      signal: args.signal,
      tryMs: BYTES_MS,
    })
  return { runner: trpc.runner, persist, put, get }
}
export type Api = ReturnType<typeof createApi>
