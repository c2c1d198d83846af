import type { Server } from './servers.ts'

export type Json = Record<string, unknown>

/** Calls of MLflow's REST, as its Python client makes them: connections kept, answers packed if the server packs them. */
export type Client = {
  server: Server
  post: (path: string, body: object) => Promise<Json>
  get: (path: string, query: Record<string, string | number>) => Promise<Json>
  /** The body of the answer, unpacked but not read: `readJson` does that. */
  postForBody: (path: string, body: object) => Promise<ArrayBuffer>
  /** When its last answer began to come, by the clock of `performance.now()`. */
  answeredAt: () => number
}
export type Both = { ours: Client; theirs: Client }

export function clientOf(server: Server): Client {
  let answeredAt = 0
  const send = async (target: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/${target}`, {
      ...init,
      headers: { ...server.headers, 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' },
    })
    answeredAt = performance.now()
    if (response.ok) return response
    const text = await response.text()
    throw new Error(`${server.side}: ${target.split('?')[0]} answers ${response.status} ${text.slice(0, 200)}`)
  }
  const call = async (target: string, init: RequestInit) => (await (await send(target, init)).json()) as Json
  const posted = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
  return {
    server,
    post: (path, body) => call(path, posted(body)),
    postForBody: async (path, body) => (await send(path, posted(body))).arrayBuffer(),
    get: (path, query) => {
      const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
      return call(`${path}?${new URLSearchParams(words)}`, { method: 'GET' })
    },
    answeredAt: () => answeredAt,
  }
}

export const readJson = (body: ArrayBuffer) => JSON.parse(Buffer.from(body).toString('utf8')) as Json
