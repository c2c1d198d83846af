import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type Page = {
  id: string
  type: string
  data: { alertId: string; rule: string; summary: string; links: Record<string, string> }
}

/** A pager for the demo: takes signed webhooks on loopback and refuses what is not signed with its secret. */
export class Receiver {
  readonly pages: Page[] = []
  refused = 0
  secret: string | null = null
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server)
    server.on('request', (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        response
          .writeHead(receiver.#take(request.headers as Record<string, string>, Buffer.concat(parts)) ? 204 : 401)
          .end()
      })
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.address}/pager`
  }

  #take(headers: Record<string, string>, body: Buffer): boolean {
    try {
      const page = new Webhook(this.secret ?? '').verify(body, headers) as Omit<Page, 'id'>
      const id = headers['webhook-id'] ?? ''
      if (!this.pages.some((known) => known.id === id)) this.pages.push({ ...page, id })
      return true
    } catch {
      this.refused++
      return false
    }
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}
