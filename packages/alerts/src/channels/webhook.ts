import { z } from 'zod'
import { checkAddress } from '../address.ts'
import type { Channel } from '../channel.ts'
import { post } from '../post.ts'
import { signStandard } from '../sign.ts'

const Settings = z.strictObject({ url: z.string().min(1).max(2000) })

/**
 * A signed POST after the Standard Webhooks specification 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`
 * (HMAC-SHA256 over id.timestamp.body). Only 2xx is taken.
 */
export const webhook: Channel<typeof Settings> = {
  kind: 'webhook',
  settings: Settings,
  check: async ({ url }, { allow }) => {
    await checkAddress(url, { allow })
  },
  formatSecret: (random) => `whsec_${random.toString('base64')}`,
  send: async ({ url }, message, { secret, allow }) => {
    const { id, at, transition, payload } = message
    const body = JSON.stringify({ type: `alert.${transition}`, timestamp: at.toISOString(), data: payload })
    const headers = signStandard({ id, body, secret, at: new Date() })
    return (await post({ url, body, headers, allow })).outcome
  },
}
