import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createMlflowHandler, isMlflowTarget, type MlflowRequest } from '@modelyard/mlflow'
import { type Ctx, type Entry, enterProject, type Log, type Principal } from '@modelyard/services'
import type { RawSurface } from '../server.ts'

type Ports = { ctxOf: (principal: Principal) => Ctx; log: Log; hosts: readonly string[] }

/** MLflow's protocol, which reads the request target as it came and streams bodies both ways. */
export function mlflowSurface({ ctxOf, log, hosts }: Ports): RawSurface {
  const doorkeeper = ctxOf({ kind: 'system', name: 'door' })
  const enter = async (entry: Entry) => {
    const { principal, scope } = await enterProject(doorkeeper, entry)
    return { ...ctxOf(principal), scope }
  }
  const handle = createMlflowHandler({ enter, gate: { hosts }, log })
  return {
    takes: isMlflowTarget,
    answer: async ({ request, response, named }) => {
      const answered = await handle(requestOf(request, response))
      named.route = answered.route
      await send(response, answered.response)
      // A refusal comes before its body was read; what is left must pass before the connection can carry the next one.
      request.resume()
    },
  }
}

function requestOf(request: IncomingMessage, response: ServerResponse): MlflowRequest {
  const hangUp = new AbortController()
  response.once('close', () => response.writableFinished || hangUp.abort())
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct)) headers.set(name, value?.join(', ') ?? '')
  const hasBody = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    // Whoever stops reading must still be able to answer.
    body: hasBody ? request.iterator({ destroyOnReturn: false }) : null,
    signal: hangUp.signal,
  }
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  const headers = Object.fromEntries(answer.headers)
  if (answer.body === null || answer.headers.get('content-type') === 'application/json') {
    const bytes = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, { ...headers, 'content-length': bytes.length }).end(bytes)
    return
  }
  response.writeHead(answer.status, headers)
  await pipeline(Readable.fromWeb(answer.body), response)
}
