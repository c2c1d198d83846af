import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log } from '@modelyard/services'
import { type Metrics, withSpan } from '@modelyard/telemetry'
import { sendFailure, sendJson } from './http.ts'
import { keepPace } from './pace.ts'

export type Route = {
  method: 'GET' | 'PUT' | 'POST'
  /** How metrics and spans name it: a pattern, never the raw path. */
  name: string
  /** Anchored; named groups become `params`. */
  path: RegExp
  handle: (call: Call) => Promise<void>
}
export type Call = { request: IncomingMessage; response: ServerResponse; url: URL; params: Record<string, string> }

/** One exchange, with the name of its route as soon as that is known. */
export type Exchange = { request: IncomingMessage; response: ServerResponse; named: { route: string } }
/** A protocol with addresses of its own. */
export type RawSurface = { takes: (target: string) => boolean; answer: (exchange: Exchange) => Promise<void> }

const MAX_URL = 8_192
/** What of a path a span keeps. */
const MAX_PATH = 200

type ServerArgs = {
  routes: Route[]
  /** Answers what is about this process; it is asked all the time, and leaves no trace. */
  probe: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Long polls: as spans they would be slow for ever and about nothing. */
  isWaiting: (request: IncomingMessage) => boolean
  /** Asked before the target is parsed, which would normalise it. */
  raw: RawSurface
  /** Takes what matches no route; answers the name of its own route, or null. */
  fallback: (request: IncomingMessage, response: ServerResponse) => string | null
  log: Log
  metrics: Metrics<'api'>
}

/** Routes by exact method and anchored path; whatever matches none is handed to `fallback`. */
export function createApiServer(args: ServerArgs): Server {
  const server = createServer((request, response) => {
    const startedAt = performance.now()
    const named = { route: 'none' }
    keepPace(request)
    response.once('close', () => {
      const method = request.method ?? 'GET'
      args.metrics.httpRequests.inc({ route: named.route, method, status: String(response.statusCode) })
      if (named.route !== '/trpc')
        args.metrics.httpDuration.observe({ route: named.route, method }, (performance.now() - startedAt) / 1000)
    })
    if (args.probe(request, response)) named.route = 'probe'
    else if (args.isWaiting(request)) void answer(args, { request, response, named })
    else void traced(args, { request, response, named })
  })
  // Long polls of runners and uploads of models outlast Node's defaults; headers must still arrive promptly.
  server.requestTimeout = 0
  server.keepAliveTimeout = 75_000
  server.headersTimeout = 20_000
  return server
}

/** Answer inside a span that continues the caller's trace and ends with the answer. */
async function traced(args: ServerArgs, exchange: Exchange): Promise<void> {
  const { request, response, named } = exchange
  const { traceparent } = request.headers
  const parent = typeof traceparent === 'string' ? traceparent : null
  await withSpan(`api ${request.method}`, { kind: 'server', parent }, async (span) => {
    await answer(args, exchange)
    // tRPC goes on after it has taken the request.
    if (!response.closed) await new Promise((resolve) => response.once('close', resolve))
    span.updateName(`${request.method} ${named.route}`)
    const path = request.url?.split('?', 1)[0]?.slice(0, MAX_PATH) ?? ''
    span.setAttributes({ 'url.path': path, 'http.response.status_code': response.statusCode })
  })
}

async function answer(args: ServerArgs, exchange: Exchange): Promise<void> {
  const { response, named } = exchange
  try {
    await dispatch(args, exchange)
  } catch (error) {
    // Whoever hung up, or had the last byte before we knew it was the last, is no fault of ours.
    if (isHangUp(error)) response.destroy()
    else if (sendFailure(response, error)) args.log.error({ err: error, route: named.route }, 'a request failed')
  }
}

function isHangUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

async function dispatch(args: ServerArgs, exchange: Exchange): Promise<void> {
  const { request, response, named } = exchange
  const raw = request.url ?? '/'
  if (args.raw.takes(raw)) return args.raw.answer(exchange)
  if (raw.length > MAX_URL || !URL.canParse(raw, 'http://api')) {
    return sendJson(response, 400, { error: { code: 'invalid', message: 'the address is too long or malformed' } })
  }
  const url = new URL(raw, 'http://api')
  for (const route of args.routes) {
    const match = route.method === request.method ? route.path.exec(url.pathname) : null
    if (!match) continue
    named.route = route.name
    return route.handle({ request, response, url, params: { ...match.groups } })
  }
  const fallen = args.fallback(request, response)
  if (fallen === null)
    return sendJson(response, 404, { error: { code: 'not_found', message: 'there is no such route' } })
  named.route = fallen
}
