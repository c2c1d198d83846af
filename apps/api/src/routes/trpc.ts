import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '@modelyard/domain'
import type { Ctx, Hub, Log } from '@modelyard/services'
import type { Metrics } from '@modelyard/telemetry'
import { appRouter, type CallContext, throwRefused } from '@modelyard/trpc'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { bearerOf } from '../http.ts'

const BASE = '/trpc/'
const MAX_BODY = 8 * 1024 * 1024
const LONG_POLLS = new Map([
  ['runner.poll', 'runner'],
  ['gateway.pullSnapshot', 'gateway'],
])

/** Who waits with this request; null when nobody does. */
export function longPollOf({ url = '' }: IncomingMessage): string | null {
  if (!url.startsWith(BASE)) return null
  return LONG_POLLS.get(url.slice(BASE.length).split('?', 1)[0] ?? '') ?? null
}

/** The tRPC routers under /trpc; answers the route's name, or null when the request is not theirs. */
export function trpcFallback(args: {
  ctxFor: (token: string | null) => Promise<Ctx | null>
  hub: Hub
  log: Log
  metrics: Metrics<'api'>
}) {
  const { procedureCalls, procedureDuration, longPolls } = args.metrics
  const observe: CallContext['observe'] = ({ path, code, durationMs }) => {
    procedureCalls.inc({ procedure: path, code })
    if (!LONG_POLLS.has(path)) procedureDuration.observe({ procedure: path }, durationMs / 1000)
  }
  const handler = createHTTPHandler({
    router: appRouter,
    basePath: BASE,
    maxBodySize: MAX_BODY,
    createContext: async ({ req }): Promise<CallContext> => ({
      ctx: await args.ctxFor(bearerOf(req)).catch(throwRefused),
      hub: args.hub,
      observe,
    }),
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE')
        args.log.error({ err: error.cause ?? error, path }, 'a procedure failed')
    },
  })
  return (request: IncomingMessage, response: ServerResponse): string | null => {
    if (!request.url?.startsWith(BASE)) return null
    // A length that can only be refused is refused at once, not when so much of it has come.
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) {
      response.setHeader('connection', 'close')
      throw new Refusal('too_large', `a request has at most ${MAX_BODY} bytes`)
    }
    const kind = longPollOf(request)
    if (kind) {
      longPolls.inc({ kind })
      response.once('close', () => longPolls.dec({ kind }))
    }
    handler(request, response)
    return '/trpc'
  }
}
