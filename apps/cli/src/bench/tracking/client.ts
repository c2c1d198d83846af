import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Server } from './servers.ts'

export type Json = Record<string, unknown>

/** Calls of MLflow's REST, as its Python client makes them: connections kept, answers packed if the server packs them. */
export type Client = {
  server: Server
  post: (path: string, body: object) => Promise<Json>
  get: (path: string, query: Record<string, string | number>) => Promise<Json>
}

export function clientOf(server: Server): Client {
  const call = async (target: string, init: RequestInit): Promise<Json> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/${target}`, {
      ...init,
      headers: { ...server.headers, 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' },
    })
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
  }
}

const CHUNK = Buffer.alloc(1_048_576, 'modelyard')

/** Stream so many bytes to an artifact. */
export async function uploadArtifact(server: Server, path: string, bytes: number): Promise<void> {
  const chunks = (function* () {
    for (let sent = 0; sent < bytes; sent += CHUNK.length) yield CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent))
  })()
  const headers = { ...server.headers, 'content-length': String(bytes), 'content-type': 'application/octet-stream' }
  const put = request(artifactUrl(server, path), { method: 'PUT', headers })
  const answered = new Promise<number>((resolve, reject) => {
    put.once('response', (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    put.once('error', reject)
  })
  await pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }), put)
  const status = await answered
  if (status !== 200) throw new Error(`${server.side}: the upload is answered ${status}`)
}

/** Read an artifact to its end; answers how many bytes came. */
export function downloadArtifact(server: Server, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(artifactUrl(server, path), { headers: server.headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(bytes)
        else reject(new Error(`${server.side}: the download is answered ${response.statusCode}`))
      })
    })
    asked.once('error', reject)
    asked.end()
  })
}

function artifactUrl(server: Server, path: string): string {
  return `${server.url}/api/2.0/mlflow-artifacts/artifacts/${path}`
}
