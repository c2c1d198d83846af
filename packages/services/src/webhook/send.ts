import { type Posted, post, signMlflow, signStandard } from '@modelyard/alerts'
import type { WebhookRow } from '@modelyard/db'
import { isRefusal } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

type Sent = { id: string; payload: unknown }

/** Sign and send in the webhook's format. Every fault is an outcome: the address, the secret and the network alike. */
export async function sendToWebhook(ctx: Ctx, webhook: WebhookRow, { id, payload }: Sent): Promise<Posted> {
  const { url, format, sealedSecret } = webhook
  const body = JSON.stringify(payload)
  try {
    const secret = sealedSecret === null ? null : ctx.seal.open(sealedSecret)
    // Signed by the wall clock, which is what receivers compare with theirs.
    const signing = { id, body, at: new Date() }
    const standard = () => (secret === null ? { 'webhook-id': id } : signStandard({ ...signing, secret }))
    const headers = format === 'mlflow' ? signMlflow({ ...signing, secret }) : standard()
    return await post({ url, body, headers, allow: ctx.webhookAllow })
  } catch (error) {
    const message = isRefusal(error) ? error.message : 'the webhook could not be used'
    return { outcome: { kind: 'network', message }, answer: '' }
  }
}
