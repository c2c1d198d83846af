import type { Webhook } from '@modelyard/contracts'
import { findWebhookRow, listWebhookDeliveryRows, listWebhookRows } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type DeliveryView, webhookDeliveryView, webhookView } from './view.ts'

/** An address may hold a token, so webhooks are shown to those who manage them. */
export const PERMISSION = 'channel.manage'
const MAX_LISTED = 1_000

type Which = { project: string; webhookId: string }
type Page = { format?: Webhook['format']; afterId?: string; limit?: number }

/** Webhooks of a project in the order they were made. */
export async function listWebhooks(ctx: Ctx, input: { project: string } & Page): Promise<Webhook[]> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  const { project: _, limit = MAX_LISTED, ...which } = input
  return (await listWebhookRows(ctx.db, { projectId: project.id, limit, ...which })).map(webhookView)
}

export async function getWebhook(ctx: Ctx, input: Which): Promise<Webhook> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  return webhookById(ctx, project.id, input.webhookId)
}

export async function webhookById(ctx: Pick<Ctx, 'db'>, projectId: string, id: string): Promise<Webhook> {
  const found = await findWebhookRow(ctx.db, { projectId, id })
  return found ? webhookView(found) : refuseWebhook(id)
}

/** What one webhook was told or is owed, newest first. */
export async function listWebhookDeliveries(
  ctx: Ctx,
  input: Which & { limit: number; cursor?: string | undefined },
): Promise<{ items: DeliveryView[]; nextCursor: string | null }> {
  const { id, project } = { ...(await inProject(ctx, input.project, PERMISSION)), id: input.webhookId }
  await webhookById(ctx, project.id, id)
  const { limit, cursor } = input
  const from = cursor === undefined ? {} : { beforeId: cursor }
  const rows = await listWebhookDeliveryRows(ctx.db, {
    ...{ projectId: project.id, webhookId: id, limit: limit + 1 },
    ...from,
  })
  const items = rows.slice(0, limit).map(webhookDeliveryView)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export const refuseWebhook = (id: string): never =>
  refuse('not_found', `there is no webhook ${id} in this project`, { field: 'webhookId' })
