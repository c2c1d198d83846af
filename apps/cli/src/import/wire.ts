import { setTimeout as sleep } from 'node:timers/promises'
import { parseExact } from './exact-json.ts'

const TRIES = 8
/** A fault of the server's own is mostly the same the next time. */
const TRIES_OF_FAULT = 3
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000
const ANSWER_MS = 120_000

/** What a server said no to. */
export class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(message: string, said: { status: number; code: string }) {
    super(message)
    this.name = 'Refused'
    this.status = said.status
    this.code = said.code
  }
}

export type Query = Record<string, string | number | readonly string[] | undefined>
export type Server = { base: string; headers: Record<string, string> }

/** Whether the same request may be answered later: the server is busy, restarts or cannot be reached. */
const isPassing = (status: number) => status === 408 || status === 429 || (status >= 500 && status !== 501)

/** Try until there is an answer, pausing longer each time; gives up after about a minute. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const isFinal = error instanceof Refused ? !isPassing(error.status) : !isOfNetwork(error)
      const tries = error instanceof Refused && error.status === 500 ? TRIES_OF_FAULT : TRIES
      if (isFinal || tried >= tries) throw error
      await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried) * (0.5 + Math.random() / 2))
    }
  }
}

/** A server that does not answer. */
export class Unreachable extends Error {
  constructor(url: string, cause: unknown) {
    const reason = cause instanceof Error ? (cause.cause ?? cause) : cause
    const said = reason instanceof Error ? reason.message : String(reason)
    super(`${new URL(url).origin} cannot be reached: ${said}`, { cause })
    this.name = 'Unreachable'
  }
}

/** A stream that breaks says its code; a deadline is a TimeoutError. */
const isOfNetwork = (error: unknown) =>
  error instanceof Unreachable || (error instanceof Error && (error.name === 'TimeoutError' || 'code' in error))

export function urlOf(server: Server, path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) search.append(name, String(each))
  }
  const text = search.toString()
  return `${server.base}${path}${text === '' ? '' : `?${text}`}`
}

/**
 * The response to one request. A server that sends its clients elsewhere is not followed: what it names may be a machine
 * that only we can reach.
 * @throws Refused with what the server says.
 */
export async function ask(server: Server, url: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...server.headers, ...(init.headers as Record<string, string> | undefined) }
  const response = await fetch(url, { ...init, headers, redirect: 'manual' }).catch((error: unknown) => {
    throw new Unreachable(url, error)
  })
  if (response.ok) return response
  const location = response.headers.get('location')
  if (location !== null) {
    await response.body?.cancel()
    throw new Refused(
      `${new URL(url).pathname}: it sends its clients to ${originOf(location, url)}; name that address`,
      {
        status: response.status,
        code: 'REDIRECT',
      },
    )
  }
  throw refusedBy(url, response.status, await response.text())
}

/** Of an address there may be more that nobody else should read. */
const originOf = (location: string, base: string) =>
  URL.canParse(location, base) ? new URL(location, base).origin : '?'

/** The no that an answer other than 2xx is. */
export function refusedBy(url: string, status: number, text: string): Refused {
  const { code, message } = errorIn(text)
  return new Refused(`${new URL(url).pathname}: ${message || status}`, { status, code })
}

function errorIn(text: string): { code: string; message: string } {
  try {
    const { error_code, message } = JSON.parse(text) as { error_code?: unknown; message?: unknown }
    return { code: String(error_code ?? ''), message: String(message ?? '') }
  } catch {
    return { code: '', message: text.slice(0, 200) }
  }
}

/** A JSON answer; nothing that was said is `{}`. */
export const get = <T extends object>(server: Server, path: string, query: Query = {}): Promise<T> =>
  patiently(async () => {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const response = await ask(server, urlOf(server, path, query), { signal })
    return parseExact((await response.text()) || '{}') as T
  })

export const send = <T extends object>(
  server: Server,
  path: string,
  { method = 'POST', body }: { method?: string; body: object },
): Promise<T> =>
  patiently(async () => {
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(ANSWER_MS)
    const init = { method, headers, body: JSON.stringify(body), signal }
    const response = await ask(server, `${server.base}${path}`, init)
    return parseExact((await response.text()) || '{}') as T
  })

/** Every page of a list, one page at a time. */
export async function* pages<T extends { next_page_token?: string }>(
  read: (token: string | undefined) => Promise<T>,
): AsyncGenerator<T> {
  let token: string | undefined
  do {
    const page = await read(token)
    yield page
    token = page.next_page_token || undefined
  } while (token !== undefined)
}
