import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'

export type Api = ReturnType<typeof connect>

const PATIENCE_MS = 60_000
const RETRY_MS = 300

/** A client of the API that goes on through restarts: every mutation carries an idempotency key, so repeating is safe. */
export function connect(args: { apiUrl: string; key: string }) {
  const send: typeof fetch = (input, init) => patiently(() => fetch(input, init))
  const headers = { authorization: `Bearer ${args.key}` }
  const trpc = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${args.apiUrl}/trpc`, headers, fetch: send as never })],
  })
  return { ...args, headers, trpc: trpc.console, send }
}

/** Repeat while nobody answers or the answer is a fault of the server's; give up after a minute. */
export async function patiently(call: () => Promise<Response>): Promise<Response> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const last = Date.now() >= until
    try {
      const response = await call()
      if (response.status < 500 || last) return response
    } catch (error) {
      if (last) throw error
    }
    await sleep(RETRY_MS)
  }
}

export const newKey = (): string => randomUUID()

/** Bytes into the blob store: by hash, resumed where it stopped. */
export async function upload(api: Api, args: { project: string; bytes: Buffer }): Promise<string> {
  const sha256 = createHash('sha256').update(args.bytes).digest('hex')
  const begun = await api.trpc.upload.begin.mutate({ project: args.project, sha256, sizeBytes: args.bytes.length })
  if (begun.state === 'have') return sha256
  const { uploadId } = begun
  for (let offset = begun.offset; offset < args.bytes.length; ) {
    const body = new Uint8Array(args.bytes.subarray(offset, offset + begun.partBytes))
    const response = await api.send(`${api.apiUrl}/uploads/${uploadId}?offset=${offset}`, {
      method: 'PUT',
      headers: api.headers,
      body,
    })
    if (!response.ok) throw new Error(`the upload was refused: ${response.status} ${await response.text()}`)
    offset = ((await response.json()) as { size: number }).size
  }
  await api.trpc.upload.complete.mutate({ uploadId })
  return sha256
}

/** What a refused call says: its code and sentence; anything else is thrown on. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return error.message
    throw error
  }
  throw new Error('the call was taken although it should have been refused')
}

/** Look until it is so; `what` names it when it never is. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  limitMs = 90_000,
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s in vain for ${what}`)
    await sleep(200)
  }
}
