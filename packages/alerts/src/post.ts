import type { LookupFunction } from 'node:net'
import { type DeliveryOutcome, isRefusal } from '@modelyard/domain'
import { Agent, request } from 'undici'
import { type Checked, checkAddress } from './address.ts'

const TIMEOUT_MS = 15_000
const MAX_ANSWER = 64 * 1024
const SHOWN_ANSWER = 1_000

export type Message = {
  url: string
  /** JSON. */
  body: string
  headers: Record<string, string>
  /** `host:port` pairs that may be reached although they are private. */
  allow: readonly string[]
}
/** `answer`: the first characters of what the receiver said. */
export type Posted = { outcome: Exclude<DeliveryOutcome, { kind: 'accepted' }>; answer: string }

/**
 * One POST to an address somebody gave us. Redirects are not followed; the address that was checked is the address
 * connected to, so a name cannot change between check and call; the answer is read up to a limit and in a limited time.
 */
export async function post(message: Message): Promise<Posted> {
  try {
    return await send(await checkAddress(message.url, { allow: message.allow }), message)
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure'
    return { outcome: { kind: 'network', message: isRefusal(error) ? error.message : said }, answer: '' }
  }
}

async function send(target: Checked, { body, headers }: Message): Promise<Posted> {
  const agent = new Agent({ connect: { lookup: pinned(target), timeout: 5_000 }, pipelining: 0 })
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const answer = await request(target.url, {
      method: 'POST',
      dispatcher: agent,
      body,
      signal,
      headers: { 'content-type': 'application/json', 'user-agent': 'Modelyard-Webhook/1', ...headers },
    })
    const text = await beginningOf(answer.body)
    const retryAfterS = Number(answer.headers['retry-after'])
    const retryAfterMs = Number.isFinite(retryAfterS) ? retryAfterS * 1000 : null
    return { outcome: { kind: 'http', status: answer.statusCode, retryAfterMs }, answer: text }
  } finally {
    await agent.destroy()
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    if (size < SHOWN_ANSWER) kept.push(chunk)
    size += chunk.length
    if (size > MAX_ANSWER) break
  }
  return Buffer.concat(kept).subarray(0, SHOWN_ANSWER).toString('utf8')
}

function pinned({ address, family }: Checked): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}
