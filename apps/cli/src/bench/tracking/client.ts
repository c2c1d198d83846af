import type { Server } from './servers.ts'

export type Json = Record<string, unknown>

/** Calls of MLflow's REST, as its Python client makes them: connections kept, answers packed if the server packs them. */
export type Client = {
  server: Server
  post: (path: string, body: object) => Promise<Json>
  get: (path: string, query: Record<string, string | number>) => Promise<Json>
  /** When its last answer began to come, by the clock of `performance.now()`. */
  answeredAt: () => number
}
export type Both = { ours: Client; theirs: Client }

export function clientOf(server: Server): Client {
  let answeredAt = 0
  const call = async (target: string, init: RequestInit): Promise<Json> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/${target}`, {
      ...init,
      headers: { ...server.headers, 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' },
    })
    answeredAt = performance.now()
    const text = await response.text()
    if (response.ok) return JSON.parse(text) as Json
    throw new Error(`${server.side}: ${target.split('?')[0]} answers ${response.status} ${text.slice(0, 200)}`)
  }
  return {
    server,
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (path, query) => {
      const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
      return call(`${path}?${new URLSearchParams(words)}`, { method: 'GET' })
    },
    answeredAt: () => answeredAt,
  }
}
