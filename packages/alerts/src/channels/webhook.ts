import type { LookupFunction } from 'node:net'
import type { DeliveryOutcome } from '@modelyard/domain'
import { isRefusal } from '@modelyard/domain'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { type Checked, checkAddress } from '../address.ts'
import type { Channel } from '../channel.ts'

const TIMEOUT_MS = 15_000
const MAX_ANSWER = 64 * 1024
const Settings = z.strictObject({ url: z.string().min(1).max(2000) })

/**
 * A signed POST after the Standard Webhooks specification 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`
 * (HMAC-SHA256 over id.timestamp.body). Only 2xx is taken; redirects are not followed; the address that was checked is
 * the address connected to, so a name cannot change between check and call.
 */
export const webhook: Channel<typeof Settings> = {
  kind: 'webhook',
  settings: Settings,
  check: async ({ url }, { allow }) => {
    await checkAddress(url, { allow })
  },
  formatSecret: (random) => `whsec_${random.toString('base64')}`,
  send: async ({ url }, message, { secret, allow }) => {
    try {
      return await post(await checkAddress(url, { allow }), message, secret)
    } catch (error) {
      if (isRefusal(error)) return { kind: 'network', message: error.message }
      return {
        kind: 'network',
        message: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure',
      }
    }
  },
}

async function post(
  target: Checked,
  message: Parameters<typeof webhook.send>[1],
  secret: string,
): Promise<DeliveryOutcome> {
  const body = JSON.stringify({
    type: `alert.${message.transition}`,
    timestamp: message.at.toISOString(),
    data: message.payload,
  })
  const sentAt = new Date()
  const agent = new Agent({ connect: { lookup: pinned(target), timeout: 5_000 }, pipelining: 0 })
  try {
    const answer = await request(target.url, {
      method: 'POST',
      dispatcher: agent,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Modelyard-Webhook/1',
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(message.id, sentAt, body),
      },
    })
    await answer.body.dump({ limit: MAX_ANSWER, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const retryAfterS = Number(answer.headers['retry-after'])
    return {
      kind: 'http',
      status: answer.statusCode,
      retryAfterMs: Number.isFinite(retryAfterS) ? retryAfterS * 1000 : null,
    }
  } finally {
    await agent.destroy()
  }
}

function pinned({ address, family }: Checked): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}
