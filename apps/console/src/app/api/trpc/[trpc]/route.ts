import { consoleRouter } from '@modelyard/trpc'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { isSameOrigin } from '../../../../server/origin.ts'
import { traced } from '../../../../server/traced.ts'
import { callFor, wire } from '../../../../wire.ts'

/** The console router for browsers: a session cookie opens it, and only our own pages may change anything through it. */
async function answer(request: Request): Promise<Response> {
  const { env, log } = wire()
  if (request.method !== 'GET') {
    if (!isSameOrigin(request.headers, env.MODELYARD_CONSOLE_URL)) {
      return Response.json({ error: { message: 'this request was not sent from the console' } }, { status: 403 })
    }
    if (!request.headers.get('content-type')?.startsWith('application/json')) {
      return Response.json({ error: { message: 'this takes application/json' } }, { status: 415 })
    }
  }
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: consoleRouter,
    createContext: () => callFor(request.headers),
    responseMeta: () => ({ headers: new Headers({ 'cache-control': 'no-store' }) }),
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause ?? error, path }, 'a procedure failed')
    },
  })
}

const handle = (request: Request) => traced(request, '/api/trpc/[trpc]', () => answer(request))

export { handle as GET, handle as POST }
