import { checkAddress } from '@modelyard/alerts'
import type { CreatedWebhook, CreateWebhook, UpdateWebhook, Webhook } from '@modelyard/contracts'
import {
  deleteWebhookRow,
  insertWebhook,
  lockWebhook,
  patchWebhook,
  reopenWebhookDelivery,
  type WebhookRow,
} from '@modelyard/db'
import { isRefusal, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { PERMISSION, refuseWebhook, webhookById } from './read.ts'
import { type DeliveryView, webhookDeliveryView } from './view.ts'

/** MLflow clients bring their own secret or none, and no key. */
type Keyless<T extends { idempotencyKey: string }> = Omit<T, 'idempotencyKey'> & { idempotencyKey?: string }
type Create = Keyless<z.output<typeof CreateWebhook>> & { secret?: string | null; status?: WebhookRow['status'] }
type Update = Keyless<z.output<typeof UpdateWebhook>> & { secret?: string }
type Which = { project: string; webhookId: string; idempotencyKey?: string }

/** A secret comes without a key, so no request that is kept holds one. */
const keyed = ({ idempotencyKey: key, ...request }: { idempotencyKey?: string }) =>
  key === undefined ? {} : { idempotency: { key, request } }

/** The address is judged before anything is stored, and again before each delivery. */
async function requireReachable(ctx: Ctx, url: string): Promise<void> {
  try {
    await checkAddress(url, { allow: ctx.webhookAllow })
  } catch (error) {
    if (isRefusal(error)) refuse('invalid', error.message, { field: 'url' })
    throw error
  }
}

/** Tell an address of events from now on. Without a secret of their own callers get one, shown this once. */
export async function createWebhook(ctx: Ctx, input: Create): Promise<z.output<typeof CreatedWebhook>> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  await requireReachable(ctx, input.url)
  const { name, description, url, format, status = 'active' } = input
  const made = input.secret === undefined ? newSecret(ctx) : null
  const secret = made ?? input.secret ?? null
  const id = ctx.newId('whk')
  const row: WebhookRow = {
    ...{ id, projectId: project.id, name, description, url, format, status, events: [...new Set(input.events)] },
    sealedSecret: secret === null ? null : ctx.seal.seal(secret),
    ...{ createdBy: actorOf(ctx.principal), createdAt: ctx.now(), updatedAt: ctx.now(), deletedAt: null },
  }
  const call = { verb: 'webhook.create', projectId: project.id, ...keyed(input) }
  const answer = await mutate(ctx, call, async (tx) => {
    await insertWebhook(tx, row)
    const detail = { host: new URL(url).host, events: row.events, format }
    return {
      answer: { id },
      note: { action: 'webhook.created', ...target(id), summary: `Webhook ${name} added`, detail },
      changes: [{ noun: 'webhook', id }],
    }
  })
  if (answer.id !== id)
    refuse('conflict', 'this webhook was made before; its secret is shown once only', { field: 'idempotencyKey' })
  return { ...(await webhookById(ctx, project.id, id)), secret: made }
}

/** Change what is named; deliveries that wait go to the new address, under the new secret. */
export async function updateWebhook(ctx: Ctx, input: Update): Promise<Webhook> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  if (input.url !== undefined) await requireReachable(ctx, input.url)
  const call = { verb: 'webhook.update', projectId: project.id, ...keyed(input) }
  const { id } = await mutate(ctx, call, async (tx) => {
    const before = await lockWebhook(tx, { projectId: project.id, id: input.webhookId })
    if (!before) return refuseWebhook(input.webhookId)
    const { id, name } = before
    const set = changesOf(ctx, input)
    await patchWebhook(tx, { id, set: { ...set, updatedAt: ctx.now() } })
    const detail = { changed: Object.keys(set), ...(input.status === undefined ? {} : { status: input.status }) }
    return {
      answer: { id },
      note: { action: 'webhook.updated', ...target(id), summary: `Webhook ${name} changed`, detail },
      changes: [{ noun: 'webhook', id }],
    }
  })
  return webhookById(ctx, project.id, id)
}

function changesOf(ctx: Ctx, input: Update): Partial<WebhookRow> {
  const { name, description, url, events, status, secret } = input
  const set = { name, description, url, events: events && [...new Set(events)], status }
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined))
  return secret === undefined ? given : { ...given, sealedSecret: ctx.seal.seal(secret) }
}

/** Stop telling; what was still owed is given up. */
export async function deleteWebhook(ctx: Ctx, input: Which): Promise<{ id: string }> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  return mutate(ctx, { verb: 'webhook.delete', projectId: project.id, ...keyed(input) }, async (tx) => {
    const before = await lockWebhook(tx, { projectId: project.id, id: input.webhookId })
    if (!before) return refuseWebhook(input.webhookId)
    const { id, name } = before
    await deleteWebhookRow(tx, { id, now: ctx.now() })
    return {
      answer: { id },
      note: { action: 'webhook.deleted', ...target(id), summary: `Webhook ${name} deleted` },
      changes: [{ noun: 'webhook', id }],
    }
  })
}

/** Tell once more what was told or given up, under the same id, so that a receiver can know it. */
export async function redeliverWebhook(ctx: Ctx, input: Which & { deliveryId: string }): Promise<DeliveryView> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  return mutate(ctx, { verb: 'webhook.redeliver', projectId: project.id, ...keyed(input) }, async (tx) => {
    const hook = await lockWebhook(tx, { projectId: project.id, id: input.webhookId })
    if (!hook) return refuseWebhook(input.webhookId)
    const which = { webhookId: hook.id, id: input.deliveryId }
    const row = await reopenWebhookDelivery(tx, { ...which, now: ctx.now() })
    if (!row)
      return refuse('not_found', `webhook ${hook.name} has no delivery ${input.deliveryId} that has ended`, {
        field: 'deliveryId',
      })
    const summary = `Delivery of ${row.event} to webhook ${hook.name} asked for again`
    return {
      answer: webhookDeliveryView(row),
      note: { action: 'webhook.redelivered', ...target(hook.id), summary, detail: { deliveryId: row.id } },
      changes: [{ noun: 'webhook', id: hook.id }],
    }
  })
}

const target = (id: string) => ({ targetKind: 'webhook', targetId: id })

/** The form of Standard Webhooks, whose receivers decode it; MLflow's take it as the text it is. */
const newSecret = (ctx: Ctx) => `whsec_${Buffer.from(ctx.newSecret(), 'base64url').toString('base64')}`
