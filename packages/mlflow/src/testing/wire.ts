import { Buffer } from 'node:buffer'
import { buffer } from 'node:stream/consumers'
import { type Ctx, inProject } from '@modelyard/services'
import { createMlflowHandler } from '../handler.ts'
import { parseJson, writeJson } from '../json.ts'

export type WireAnswer = {
  status: number
  headers: Headers
  /** Of a JSON answer; whole numbers beyond 2^53 are `bigint`. */
  json: unknown
  /** What stands there in the JSON, as text: `at('run.info.run_id')`; '' where nothing does. */
  at: (path: string) => string
  bytes: Buffer
}
export type Sent = { body?: unknown; headers?: Record<string, string> }

/** Requests of a caller who is already inside a project: `send('POST', '/api/2.0/mlflow/runs/create', { body: {…} })`. */
export type Wire = (method: string, target: string, sent?: Sent) => Promise<WireAnswer>

/** The real handler behind a door that lets this caller into this project. A body that is no bytes or text is sent as JSON. */
export function wireOf(ctx: Ctx, slug: string): Wire {
  const handle = createMlflowHandler({
    enter: async () => ({ ...ctx, scope: await inProject(ctx, slug, 'project.read') }),
    gate: { hosts: [] },
    log: { ...ctx.log, error: (detail) => console.error(detail) },
  })
  return wireTo(handle)
}

/** Requests to any handler. */
export function wireTo(handle: ReturnType<typeof createMlflowHandler>): Wire {
  return async (method, target, { body, headers = {} } = {}) => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array
    const text = body === undefined || isRaw ? body : writeJson(body)
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const { reply } = await handle({
      method,
      target,
      headers: new Headers({ host: 'localhost', ...type, ...headers }),
      body: text === undefined ? null : inParts(text),
      signal: new AbortController().signal,
    })
    const bytes = Buffer.isBuffer(reply.body) ? reply.body : await buffer(reply.body)
    const isJson = reply.headers.get('content-type') === 'application/json' && !reply.headers.has('content-encoding')
    const json = isJson ? parseJson(bytes.toString()) : null
    return { status: reply.status, headers: reply.headers, bytes, json, at: (path) => textAt(json, path) }
  }
}

function textAt(json: unknown, path: string): string {
  let here: unknown = json
  for (const step of path.split('.')) here = (here as Record<string, unknown> | null | undefined)?.[step]
  return here === undefined || here === null ? '' : String(here)
}

async function* inParts(body: string | Uint8Array): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(body)
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
