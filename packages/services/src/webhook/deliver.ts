import {
  notify,
  patchWebhook,
  settleWebhookDelivery,
  takeDueWebhookDeliveries,
  type WebhookDeliveryRow,
  type WebhookRow,
} from '@modelyard/db'
import { decideDelivery, deliveryAfter } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { sendToWebhook } from './send.ts'

/** Longer than a send may take, so that nobody takes what is still being sent. */
const LEASE_MS = 60_000
const BATCH = 20

type Taken = { delivery: WebhookDeliveryRow; webhook: WebhookRow }

/**
 * Send what is due. A delivery is taken for a minute, sent outside any transaction and settled afterwards: a crash in
 * between sends it again under the same id, never not at all. `unit` gives jitter in [0, 1).
 */
export async function deliverWebhooks(ctx: Ctx, unit: () => number): Promise<{ sent: number; failed: number }> {
  const due = await takeDueWebhookDeliveries(ctx.db, { now: ctx.now(), leaseMs: LEASE_MS, limit: BATCH })
  const results = await Promise.all(due.map((taken) => deliverOne(ctx, taken, unit())))
  return { sent: results.filter(Boolean).length, failed: results.filter((delivered) => !delivered).length }
}

async function deliverOne(ctx: Ctx, { delivery, webhook }: Taken, unit: number): Promise<boolean> {
  const outcome =
    webhook.status === 'active'
      ? (await sendToWebhook(ctx, webhook, delivery)).outcome
      : ({ kind: 'network', message: 'the webhook is disabled' } as const)
  const decision = decideDelivery(outcome, { class: 'event', tries: delivery.attempts }, unit)
  const reason = outcome.kind === 'http' ? `HTTP ${outcome.status}` : outcome.message
  const set = {
    ...deliveryAfter(decision, ctx.now()),
    lastStatus: outcome.kind === 'http' ? outcome.status : null,
    lastError: decision.kind === 'delivered' ? null : storable(reason),
  }
  const { id, projectId } = webhook
  const isSettled = await ctx.db.transaction(async (tx) => {
    if (!(await settleWebhookDelivery(tx, { id: delivery.id, attempts: delivery.attempts, set }))) return false
    // 410 Gone: the receiver does not want to hear of anything any more.
    if (decision.kind === 'give_up' && decision.disableChannel)
      await patchWebhook(tx, { id, set: { status: 'disabled', updatedAt: ctx.now() } })
    await notify(tx, { channel: 'modelyard_change', payload: { noun: 'webhook', id, projectId } })
    return true
  })
  const sent = decision.kind === 'give_up' ? 'given_up' : decision.kind
  const which = { webhookId: id, deliveryId: delivery.id, format: webhook.format }
  if (isSettled) ctx.happened({ kind: 'webhook_sent', ...which, outcome: sent })
  const about = { deliveryId: delivery.id, projectId, webhookId: id, event: delivery.event }
  if (decision.kind === 'give_up')
    ctx.log.error({ ...about, reason: decision.reason }, 'a webhook could not be told of an event')
  return decision.kind === 'delivered'
}

const storable = (text: string) => text.replaceAll('\0', '').toWellFormed().slice(0, 500)
