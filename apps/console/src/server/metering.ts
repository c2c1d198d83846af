import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Metrics } from '@modelyard/telemetry'
import { patternOf } from './patterns.ts'

/** The page's event stream stays open for as long as the page does. */
const LIVE = /^\/api\/trpc\/live\.changes$/

/** Count and time every request of this process. Next keeps its server to itself, but Node tells of each request. */
export function meterRequests({ httpRequests, httpDuration }: Metrics<'console'>): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const startedAt = performance.now()
    response.once('close', () => {
      const [path = ''] = (request.url ?? '').split('?')
      const labels = { route: patternOf(path), method: request.method ?? 'GET' }
      httpRequests.inc({ ...labels, status: String(response.statusCode) })
      if (!LIVE.test(path)) httpDuration.observe(labels, (performance.now() - startedAt) / 1000)
    })
  })
}
