import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Receiver = {
  url: string
  /** Its `host:port`, for those who may reach it. */
  host: string
  received: { headers: IncomingHttpHeaders; body: string }[]
  /** What it says next; 200 and `heard` when nothing is left. */
  answers: { status: number; headers?: Record<string, string> }[]
  /** Take messages and say nothing. */
  hold: (isHeld: boolean) => void
  /** Forget everything. */
  clear: () => void
  close: () => Promise<void>
}

/** A real receiver of webhooks on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = []
  const answers: Receiver['answers'] = []
  let isHeld = false
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    received.push({ headers: request.headers, body })
    if (isHeld) return
    const { status, headers } = answers.shift() ?? { status: 200 }
    response.writeHead(status, headers).end('heard')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const hold = (held: boolean) => {
    isHeld = held
  }
  const clear = () => {
    received.length = 0
    answers.length = 0
    isHeld = false
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://${host}/hook`, host, received, answers, hold, clear, close }
}
