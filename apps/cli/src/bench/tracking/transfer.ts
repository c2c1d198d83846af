import { request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Server } from './servers.ts'

const PIECE = Buffer.alloc(1_048_576, 'modelyard')
const END_OF_HEAD = '\r\n\r\n'

/** Stream so many bytes to an artifact. */
export async function uploadArtifact(server: Server, path: string, bytes: number): Promise<void> {
  const pieces = (function* () {
    for (let sent = 0; sent < bytes; sent += PIECE.length) yield PIECE.subarray(0, Math.min(PIECE.length, bytes - sent))
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
  await pipeline(Readable.from(pieces, { objectMode: false, highWaterMark: 1 }), put)
  const status = await answered
  if (status !== 200) throw new Error(`${server.side}: the upload is answered ${status}`)
}

/**
 * Read an artifact to its end; answers how many bytes its body had. All is read into one piece of memory: a client that
 * makes a buffer of each 64 KiB, as those of Node do, takes longer than the faster server, and would be what is measured.
 */
export function downloadArtifact(server: Server, path: string): Promise<number> {
  const { host, hostname, port, pathname } = artifactUrl(server, path)
  const counter = new BodyCounter()
  const buffer = Buffer.alloc(1_048_576)
  return new Promise((resolve, reject) => {
    const callback = (length: number) => counter.take(buffer, length)
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback } })
    socket.once('error', reject)
    socket.once('close', () => {
      if (counter.status === 200) resolve(counter.bytes)
      else reject(new Error(`${server.side}: the download is answered ${counter.status}`))
    })
    const headers = Object.entries({ ...server.headers, host, connection: 'close' })
    socket.write(`GET ${pathname} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  })
}

/** Tells the head of an answer from its body, which both servers send as it is. */
class BodyCounter {
  bytes = 0
  #head = ''
  #isBody = false

  get status(): number {
    return Number(this.#head.split(' ', 2)[1])
  }

  take(buffer: Buffer, length: number): boolean {
    if (this.#isBody) {
      this.bytes += length
      return true
    }
    const before = this.#head.length
    this.#head += buffer.toString('latin1', 0, length)
    const end = this.#head.indexOf(END_OF_HEAD)
    this.#isBody = end >= 0
    if (this.#isBody) this.bytes = before + length - end - END_OF_HEAD.length
    return true
  }
}

function artifactUrl(server: Server, path: string): URL {
  return new URL(`${server.url}/api/2.0/mlflow-artifacts/artifacts/${path}`)
}
