import type { Webhook, WebhookDelivery } from '@modelyard/contracts'
import type { WebhookDeliveryRow, WebhookRow } from '@modelyard/db'
import type { z } from 'zod'

export type DeliveryView = z.output<typeof WebhookDelivery>

/** The events of a row were checked when it was written. */
export function webhookView(found: { webhook: WebhookRow; pending: number; failed: number }): Webhook {
  const { webhook, pending, failed } = found
  return {
    id: webhook.id,
    name: webhook.name,
    description: webhook.description,
    url: webhook.url,
    events: webhook.events as Webhook['events'],
    format: webhook.format,
    status: webhook.status,
    isSigned: webhook.sealedSecret !== null,
    pending,
    failed,
    createdBy: webhook.createdBy,
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
  }
}

export function webhookDeliveryView(row: WebhookDeliveryRow): DeliveryView {
  return {
    id: row.id,
    event: row.event as DeliveryView['event'],
    state: row.state,
    attempts: row.attempts,
    nextAt: row.nextAt?.toISOString() ?? null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    payload: row.payload,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  }
}
