/** `/metrics` and `/health` for any node:http server, and a server of its own for processes that have none. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'

/** `ready` says what is missing (empty: ready). It is asked on every call, so it must be cheap. */
export type ProbeConfig = { registry: Registry; process: string; version: string; ready: () => readonly string[] }

/** Handles the request and returns true, or returns false when the path is not one of its own. */
export type Probe = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * GET `/metrics` (Prometheus text), `/health/live` (200 while the process answers), `/health/ready` and `/health` (200 or
 * 503 with what is missing).
 */
export function createProbe(config: ProbeConfig): Probe {
  const health = (response: ServerResponse): void => {
    const missing = config.ready()
    const body = {
      status: missing.length === 0 ? 'ready' : 'not_ready',
      missing,
      process: config.process,
      version: config.version,
    }
    send(response, { status: missing.length === 0 ? 200 : 503, type: 'application/json', body: JSON.stringify(body) })
  }
  const routes: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/metrics': (response) => void sendMetrics(config.registry, response),
    '/health': health,
    '/health/ready': health,
    '/health/live': (response) => send(response, { status: 200, type: 'application/json', body: '{"status":"live"}' }),
  }
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (route === undefined) return false
    if (request.method === 'GET' || request.method === 'HEAD') route(response)
    else send(response, { status: 405, type: 'text/plain', body: 'only GET', headers: { allow: 'GET, HEAD' } })
    return true
  }
}

async function sendMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  try {
    send(response, { status: 200, type: registry.contentType, body: await registry.metrics() })
  } catch {
    send(response, { status: 500, type: 'text/plain', body: 'a metric could not be collected' })
  }
}

type Answer = { status: number; type: string; body: string; headers?: Record<string, string> }

function send(response: ServerResponse, { status, type, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(body)
}

export type ProbeServer = { port: number; close: () => Promise<void> }

/** Serve a probe on a port of its own (0: any free one). Binds the loopback address unless told otherwise. */
export function serveProbe(probe: Probe, port: number, host = '127.0.0.1'): Promise<ProbeServer> {
  const server = createServer((request, response) => {
    if (!probe(request, response)) send(response, { status: 404, type: 'text/plain', body: 'not found' })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const close = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done())
          server.closeAllConnections()
        })
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}
