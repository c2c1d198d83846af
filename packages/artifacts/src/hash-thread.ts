/** Runs as a thread of its own: hashes bytes that others put into memory shared with it. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

/** `file`: begin with so many bytes of it. `bytes`: go on with these. `isEnd`: answer the digest. `isGone`: nobody asks any more. */
export type ToThread = { id: number } & (
  | { file: string; sizeBytes: number }
  | { bytes: Uint8Array }
  | { isEnd: true }
  | { isGone: true }
)
/** In the order of what was asked, for each id. */
export type FromThread = { id: number; digest?: string; fault?: string }

const CHUNK_BYTES = 1 << 20

const hashes = new Map<number, Hash>()

parentPort?.on('message', (message: ToThread) => {
  try {
    const digest = take(message)
    if (!('isGone' in message)) say({ id: message.id, ...(digest === undefined ? {} : { digest }) })
  } catch (error) {
    say({ id: message.id, fault: String(error) })
  }
})

function say(answer: FromThread): void {
  parentPort?.postMessage(answer)
}

function take(message: ToThread): string | undefined {
  const { id } = message
  if ('file' in message) hashes.set(id, hashOfHead(message))
  else if ('bytes' in message) hashes.get(id)?.update(message.bytes)
  else {
    const hash = hashes.get(id)
    hashes.delete(id)
    if ('isEnd' in message) return hash?.digest('hex')
  }
  return undefined
}

function hashOfHead({ file, sizeBytes }: { file: string; sizeBytes: number }): Hash {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const from = openSync(file, 'r')
  try {
    for (let at = 0; at < sizeBytes; ) {
      const read = readSync(from, chunk, 0, Math.min(CHUNK_BYTES, sizeBytes - at), at)
      if (read === 0) throw new Error(`${file} has ${at} bytes where ${sizeBytes} were written`)
      hash.update(chunk.subarray(0, read))
      at += read
    }
  } finally {
    closeSync(from)
  }
  return hash
}
