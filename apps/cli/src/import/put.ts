import { once } from 'node:events'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Duplex, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { refusedBy, type Server } from './wire.ts'

const SILENT_MS = 120_000

/**
 * Send a stream, with a memory that stays flat: fetch reads a body ahead without end where the other side is slower.
 * @throws Refused with what the server says
 */
export async function putStream(server: Server, url: string, from: readonly [Readable, Duplex]): Promise<void> {
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
    method: 'PUT',
    headers: server.headers,
  })
  request.setTimeout(SILENT_MS, () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })))
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  const sending = pipeline(...from, request).then(() => answered)
  // A no may come before the last byte has gone; whichever of the two is told second tells nothing new.
  for (const each of [answered, sending]) each.catch(() => {})
  const [response] = await Promise.race([answered, sending])
  const { statusCode = 0 } = response
  const said = await text(response)
  if (statusCode >= 300) throw refusedBy(url, statusCode, said)
}
