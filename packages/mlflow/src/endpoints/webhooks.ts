import type { Webhook } from '@modelyard/contracts'
import { refuse } from '@modelyard/domain'
import {
  type Ctx,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  testWebhook,
  updateWebhook,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { enumeration, optional, optionalOrBlank, pageSize, repeated, required, text } from '../fields.ts'
import { pageTokenOf, writePageToken } from '../page-token.ts'
import { WEBHOOK_ACTIONS, WEBHOOK_ENTITIES, webhookEventOf, webhookOf } from '../shapes/webhook.ts'

const event = z
  .object({ entity: required(enumeration(WEBHOOK_ENTITIES)), action: required(enumeration(WEBHOOK_ACTIONS)) })
  .transform((words, context) => {
    const known = webhookEventOf(words)
    if (known) return known
    context.addIssue({ code: 'custom', message: `${words.entity} ${words.action} does not happen in this registry` })
    return z.NEVER
  })
const events = repeated(event, 100)
const status = optionalOrBlank(enumeration(['ACTIVE', 'DISABLED'])).transform((name) => STATUSES[name ?? ''])
const STATUSES: Readonly<Record<string, Webhook['status'] | undefined>> = { ACTIVE: 'active', DISABLED: 'disabled' }
const url = text(2000)
const name = text(200)
const description = text(1000)
const secret = text(1000)
const webhook_id = required(text(256))

/** Webhooks of MLflow's shape; those of ours have another signature and stay out of its clients' sight. */
export const webhookEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/webhooks',
    input: z.object({
      name: required(name),
      url: required(url),
      events: events.refine((list) => list.length > 0, 'a value is required'),
      description: optional(description),
      secret: optionalOrBlank(secret),
      status,
    }),
    handle: async ({ ctx, project, input }) => {
      const { description: said = '', secret: brought = null, status: wanted = 'active', ...rest } = input
      const made = { project, ...rest, description: said, secret: brought, status: wanted, format: 'mlflow' as const }
      return { webhook: webhookOf(await createWebhook(ctx, made)) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/webhooks',
    input: z.object({ max_results: pageSize({ fallback: 100, max: 1000 }), page_token: pageTokenOf(text(100)) }),
    handle: async ({ ctx, project, input: { max_results: limit, page_token: afterId } }) => {
      const from = afterId === undefined ? {} : { afterId }
      const found = await listWebhooks(ctx, { project, format: 'mlflow', limit: limit + 1, ...from })
      const webhooks = found.slice(0, limit)
      const next = found.length > limit ? writePageToken(webhooks.at(-1)?.id) : undefined
      return webhooks.length > 0 ? { webhooks: webhooks.map(webhookOf), next_page_token: next } : {}
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/webhooks/{webhook_id}',
    input: z.object({ webhook_id }),
    handle: async ({ ctx, project, input }) => ({ webhook: webhookOf(await ofMlflow(ctx, project, input.webhook_id)) }),
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/webhooks/{webhook_id}',
    input: z.object({
      webhook_id,
      name: optionalOrBlank(name),
      description: optional(description),
      url: optionalOrBlank(url),
      events,
      secret: optionalOrBlank(secret),
      status,
    }),
    handle: async ({ ctx, project, input: { webhook_id: webhookId, events: list, ...rest } }) => {
      await ofMlflow(ctx, project, webhookId)
      const set = { ...rest, ...(list.length > 0 ? { events: list } : {}) }
      return { webhook: webhookOf(await updateWebhook(ctx, { project, webhookId, ...set })) }
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/webhooks/{webhook_id}',
    input: z.object({ webhook_id }),
    handle: async ({ ctx, project, input: { webhook_id: webhookId } }) => {
      await ofMlflow(ctx, project, webhookId)
      await deleteWebhook(ctx, { project, webhookId })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/webhooks/{webhook_id}/test',
    input: z.object({ webhook_id, event: optional(event) }),
    handle: async ({ ctx, project, input: { webhook_id: webhookId, event: asked } }) => {
      await ofMlflow(ctx, project, webhookId)
      const tried = await testWebhook(ctx, { project, webhookId, event: asked })
      return {
        result: {
          success: tried.success,
          response_status: tried.responseStatus ?? undefined,
          response_body: tried.responseBody ?? undefined,
          error_message: tried.errorMessage ?? undefined,
        },
      }
    },
  }),
]

async function ofMlflow(ctx: Ctx, project: string, webhookId: string): Promise<Webhook> {
  const found = await getWebhook(ctx, { project, webhookId })
  return found.format === 'mlflow'
    ? found
    : refuse('not_found', `there is no webhook ${webhookId} of MLflow's shape in this project`, { field: 'webhook_id' })
}
