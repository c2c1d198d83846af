import { Buffer } from 'node:buffer'
import { refuse } from '@modelyard/domain'
import type { WireRequest } from './endpoint.ts'
import { parseJson } from './json.ts'

/** Bodies of fields; bytes of artifacts have no such limit. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024

/**
 * The fields of a request: a GET has them in its query, or in a body when there is no query; everything else in its
 * body only. Refusal `invalid` for what is no JSON object, `too_large` above 8 MB.
 */
export async function readFields(request: WireRequest, query: URLSearchParams): Promise<Record<string, unknown>> {
  if (request.method === 'GET' && query.size > 0) return ofQuery(query)
  const text = request.body === null ? '' : await readText(request, request.body)
  if (text === '') return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(?:;|$)/i.test(type))
    refuse('invalid', 'a body must have the Content-Type application/json')
  return objectOf(text)
}

/** Fields by name; one that is given more than once is a list. */
function ofQuery(query: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name)
    fields[name] = values.length > 1 ? values : values[0]
  }
  return fields
}

async function readText(request: WireRequest, body: AsyncIterable<Uint8Array>): Promise<string> {
  const refused = () => refuse('too_large', `a request body has at most ${MAX_BODY_BYTES} bytes`)
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) refused()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > MAX_BODY_BYTES) refused()
    parts.push(part)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch (error) {
    return refuse('invalid', 'the body is not UTF-8', { cause: error })
  }
}

/** Older clients encode a body twice: a JSON string that holds the JSON. */
function objectOf(text: string): Record<string, unknown> {
  const once = parseJson(text)
  const value = typeof once === 'string' ? parseJson(once) : once
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  return refuse('invalid', 'the body must be a JSON object')
}
