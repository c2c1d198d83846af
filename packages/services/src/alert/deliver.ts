import { channelOf } from '@modelyard/alerts'
import {
  type ChannelRow,
  type DeliveryRow,
  disableChannel,
  notify,
  settleDelivery,
  takeDueDeliveries,
} from '@modelyard/db'
import { decideDelivery, deliveryAfter, isRefusal } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

const LEASE_MS = 60_000
const BATCH = 20

type Taken = { delivery: DeliveryRow; channel: ChannelRow; openedAt: Date }

/**
 * Send what is due. A delivery is taken for a minute, sent outside any transaction and settled afterwards: a crash in
 * between sends it again under the same id, never not at all. `unit` gives jitter in [0, 1).
 */
export async function deliverAlerts(ctx: Ctx, unit: () => number): Promise<{ sent: number; failed: number }> {
  const due = await ctx.db.transaction((tx) =>
    takeDueDeliveries(tx, { now: ctx.now(), leaseMs: LEASE_MS, limit: BATCH }),
  )
  const results = await Promise.all(due.map((taken) => deliverOne(ctx, taken, unit())))
  return { sent: results.filter(Boolean).length, failed: results.filter((delivered) => !delivered).length }
}

async function deliverOne(ctx: Ctx, { delivery, channel }: Taken, unit: number): Promise<boolean> {
  const outcome = channel.enabled
    ? await send(ctx, delivery, channel)
    : ({ kind: 'http', status: 410, retryAfterMs: null } as const)
  const decision = decideDelivery(outcome, { class: 'page', tries: delivery.attempts }, unit)
  const error =
    outcome.kind === 'accepted'
      ? null
      : outcome.kind === 'http'
        ? `HTTP ${outcome.status}`
        : outcome.message.slice(0, 500)
  const isSettled = await ctx.db.transaction(async (tx) => {
    const settled = await settleDelivery(tx, {
      id: delivery.id,
      attempts: delivery.attempts,
      set: {
        ...deliveryAfter(decision, ctx.now()),
        lastStatus: outcome.kind === 'http' ? outcome.status : null,
        lastError: decision.kind === 'delivered' ? null : error,
      },
    })
    if (decision.kind === 'give_up' && decision.disableChannel && channel.enabled) await disableChannel(tx, channel.id)
    if (settled)
      await notify(tx, {
        channel: 'modelyard_change',
        payload: { noun: 'alert', id: delivery.alertId, projectId: delivery.projectId },
      })
    return settled
  })
  const sent = decision.kind === 'give_up' ? 'given_up' : decision.kind
  const which = { alertId: delivery.alertId, deliveryId: delivery.id, channelKind: channel.kind }
  if (isSettled) ctx.happened({ kind: 'alert_sent', ...which, outcome: sent })
  if (decision.kind === 'give_up')
    ctx.log.error(
      { deliveryId: delivery.id, projectId: delivery.projectId, channelId: channel.id, reason: decision.reason },
      'an alert could not be delivered',
    )
  return decision.kind === 'delivered'
}

async function send(ctx: Ctx, delivery: DeliveryRow, row: ChannelRow) {
  try {
    const channel = channelOf(row.kind)
    const message = {
      id: delivery.id,
      at: delivery.createdAt,
      transition: delivery.transition,
      payload: delivery.payload,
    }
    return await channel.send(channel.settings.parse(row.settings), message, {
      secret: ctx.seal.open(row.sealedSecret),
      allow: ctx.webhookAllow,
    })
  } catch (error) {
    return { kind: 'network' as const, message: isRefusal(error) ? error.message : 'the channel could not be used' }
  }
}
