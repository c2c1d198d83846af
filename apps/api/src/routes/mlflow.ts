import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createMlflowHandler, isMlflowTarget, type MlflowRequest, type Reply } from '@modelyard/mlflow'
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
      await send(response, answered.reply)
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

async function send(response: ServerResponse, { status, headers, body }: Reply): Promise<void> {
  const fields = Object.fromEntries(headers)
  if (Buffer.isBuffer(body)) {
    const length = status === 304 ? {} : { 'content-length': body.length }
    response.writeHead(status, { ...fields, ...length }).end(body)
    return
  }
  try {
    await pipeline(body, response.writeHead(status, fields))
  } catch (error) {
    // Whoever asked has hung up, which is no fault of anybody's.
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
