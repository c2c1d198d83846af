/** The listening side: limits, the one place where answers are written, and the end of service. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { refuse } from '@modelyard/domain/refusal'
import type { Log } from '../log.ts'
import type { TraceContext } from '../serving/ids.ts'
import { failure, type Reply, refusalOf } from './reply.ts'

export type Handler = (request: IncomingMessage, trace: TraceContext) => Promise<Reply>

export type ServerOptions = {
  handle: Handler
  /** Answers what is about this process and not about predictions. */
  probe: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Runs a request inside the trace of its caller, or a new one. */
  traced: (traceparent: string | undefined, work: (trace: TraceContext) => Promise<Reply>) => Promise<Reply>
  observe: (seen: { request: IncomingMessage; reply: Reply; code: string; durationMs: number }) => void
  /** Told how many requests are being worked on, whenever that changes. */
  inflight: (requests: number) => void
  log: Log
  maxConcurrent: number
}

const UNREAD_BODY_MS = 2000

function write(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return
  const headers: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...reply.headers,
  }
  if (!request.complete) {
    // What is still being sent is thrown away for a moment, so that the caller gets to read why.
    headers.connection = 'close'
    request.resume()
    setTimeout(() => request.destroy(), UNREAD_BODY_MS).unref()
  }
  response.writeHead(reply.status, { ...headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}

async function settle(work: Promise<Reply>, trace: TraceContext, log: Log): Promise<{ reply: Reply; code: string }> {
  try {
    return { reply: await work, code: 'ok' }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal !== error) log.error({ err: error, traceId: trace.traceId }, 'a request failed')
    return { reply: failure(error, trace.traceId), code: refusal.code }
  }
}

export function createGatewayServer(options: ServerOptions): Server {
  const { handle, probe, traced, observe, inflight, log, maxConcurrent } = options
  let running = 0
  const work = async (request: IncomingMessage, trace: TraceContext): Promise<Reply> => {
    if (running >= maxConcurrent) refuse('busy', 'Too many requests at once.', { details: { retryAfterMs: 1000 } })
    inflight(++running)
    try {
      return await handle(request, trace)
    } finally {
      inflight(--running)
    }
  }
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    if (probe(request, response)) return
    const started = performance.now()
    const answer = async (trace: TraceContext): Promise<Reply> => {
      const { reply, code } = await settle(work(request, trace), trace, log)
      observe({ request, reply, code, durationMs: performance.now() - started })
      return reply
    }
    traced(request.headers.traceparent as string | undefined, answer).then(
      (reply) => write(request, response, reply),
      (error: unknown) => log.error({ err: error }, 'an answer could not be written'),
    )
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.keepAliveTimeout = 65_000
  return server
}

/** Takes no new connections, lets what runs finish, and cuts what is left after `drainMs`. */
export async function closeServer(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.once('close', resolve))
  server.close()
  server.closeIdleConnections()
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
