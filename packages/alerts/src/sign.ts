import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

export type Signing = { id: string; body: string; secret: string; at: Date }

const secondsOf = (at: Date) => String(Math.floor(at.getTime() / 1000))

/** Headers of the Standard Webhooks specification 1.0.0; the secret is `whsec_` and base64. */
export function signStandard({ id, body, secret, at }: Signing): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': secondsOf(at),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
}

/** Headers as MLflow's webhooks carry them; without a secret nothing is signed. */
export function signMlflow({ id, body, secret, at }: Omit<Signing, 'secret'> & { secret: string | null }) {
  const timestamp = secondsOf(at)
  const headers: Record<string, string> = { 'X-MLflow-Delivery-Id': id, 'X-MLflow-Timestamp': timestamp }
  if (secret !== null) {
    const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
    headers['X-MLflow-Signature'] = `v1,${digest}`
  }
  return headers
}
