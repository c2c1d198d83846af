import { z } from 'zod'
import { ActorRef, DisplayName, IdempotencyKey, IsoTime, idOf, PageInput, pageOf, Slug, Text } from './common.ts'

/** What a webhook can be told of: the first seven are MLflow's, the others ours. */
export const WebhookEvent = z.enum([
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
  'model_version.stage_changed',
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'rollout.started',
  'rollout.promoted',
  'rollout.rolled_back',
])
export type WebhookEvent = z.infer<typeof WebhookEvent>
/** Shape and signature of what is sent: MLflow's, or ours after the Standard Webhooks specification. */
export const WebhookFormat = z.enum(['mlflow', 'modelyard'])
export const WebhookStatus = z.enum(['active', 'disabled'])

/** The secret is never read back. */
export const Webhook = z.object({
  id: idOf('whk'),
  name: z.string(),
  description: z.string(),
  url: z.string(),
  events: z.array(WebhookEvent),
  format: WebhookFormat,
  status: WebhookStatus,
  isSigned: z.boolean(),
  /** Deliveries that still wait, and those given up. */
  pending: z.number().int(),
  failed: z.number().int(),
  createdBy: ActorRef,
  createdAt: IsoTime,
  updatedAt: IsoTime,
})
export type Webhook = z.infer<typeof Webhook>
/** `secret` verifies the signatures; returned once, and only where we made it. */
export const CreatedWebhook = Webhook.extend({ secret: z.string().nullable() })

const Url = Text.min(1).max(2000)
const Events = z.array(WebhookEvent).min(1).max(WebhookEvent.options.length)
const Description = Text.max(1000)
const Which = z.object({ project: Slug, webhookId: idOf('whk') })

/** A secret is made where none is brought. One in our format is `whsec_` and base64. */
export const CreateWebhook = z.object({
  project: Slug,
  name: DisplayName,
  description: Description.default(''),
  url: Url,
  events: Events,
  format: WebhookFormat.default('modelyard'),
  idempotencyKey: IdempotencyKey,
})
/** What is left out stays. */
export const UpdateWebhook = Which.extend({
  name: DisplayName.optional(),
  description: Description.optional(),
  url: Url.optional(),
  events: Events.optional(),
  status: WebhookStatus.optional(),
  idempotencyKey: IdempotencyKey,
})
export const DeleteWebhook = Which.extend({ idempotencyKey: IdempotencyKey })
/** Sends one example at once, outside the outbox; the first event of the webhook where none is named. */
export const TestWebhook = Which.extend({ event: WebhookEvent.optional() })
export const WebhookTestResult = z.object({
  success: z.boolean(),
  responseStatus: z.number().int().nullable(),
  /** The first characters of the answer. */
  responseBody: z.string().nullable(),
  errorMessage: z.string().nullable(),
})
export type WebhookTestResult = z.infer<typeof WebhookTestResult>

export const WebhookDelivery = z.object({
  id: idOf('whd'),
  event: WebhookEvent,
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  nextAt: IsoTime.nullable(),
  lastStatus: z.number().int().nullable(),
  lastError: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  createdAt: IsoTime,
  deliveredAt: IsoTime.nullable(),
})
export const WebhookDeliveryPage = pageOf(WebhookDelivery)
export const ListWebhookDeliveries = PageInput.extend(Which.shape)
/** Send one again that was given up or delivered, under the same id. */
export const RedeliverWebhook = Which.extend({ deliveryId: idOf('whd'), idempotencyKey: IdempotencyKey })
