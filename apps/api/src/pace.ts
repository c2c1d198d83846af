import type { IncomingMessage } from 'node:http'

export type Pace = { checkMs: number; minBytesPerS: number }

/** A line of 1990 is faster; whoever is slower holds a connection and a file open for nothing. */
const SLOWEST: Pace = { checkMs: 30_000, minBytesPerS: 1_024 }

/**
 * Cut a connection whose body comes slower than this over a whole span. Bytes that have arrived and that we have not
 * taken yet are our slowness and not the sender's. Requests without a body, long polls among them, are never slow.
 */
export function keepPace(request: IncomingMessage, pace: Pace = SLOWEST): void {
  const { socket } = request
  if (request.complete || !hasBody(request)) return
  let seen = socket.bytesRead
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer)
    const arrived = socket.bytesRead - seen
    seen = socket.bytesRead
    if (request.readableLength === 0 && arrived < (pace.minBytesPerS * pace.checkMs) / 1_000)
      socket.destroy(new Error('the body of a request came too slowly'))
  }, pace.checkMs)
  timer.unref()
  request.once('close', () => clearInterval(timer))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0
}
