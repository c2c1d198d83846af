import type { Webhook, WebhookEvent } from '@modelyard/contracts'

/** MLflow's words for what its webhooks are told of, in the order of its enums; prompts are not kept here. */
export const WEBHOOK_ENTITIES = [
  'REGISTERED_MODEL',
  'MODEL_VERSION',
  'MODEL_VERSION_TAG',
  'MODEL_VERSION_ALIAS',
  'PROMPT',
  'PROMPT_VERSION',
  'PROMPT_TAG',
  'PROMPT_VERSION_TAG',
  'PROMPT_ALIAS',
] as const
export const WEBHOOK_ACTIONS = ['CREATED', 'UPDATED', 'DELETED', 'SET'] as const

const EVENTS: ReadonlySet<string> = new Set<WebhookEvent>([
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
])

/** The event of MLflow's words; null for one that does not happen here. */
export function webhookEventOf({ entity, action }: { entity: string; action: string }): WebhookEvent | null {
  const event = `${entity}.${action}`.toLowerCase()
  return EVENTS.has(event) ? (event as WebhookEvent) : null
}

/** MLflow's `Webhook`. Events that are ours alone are left out: clients fail on words they do not know. */
export function webhookOf(webhook: Webhook): object {
  return {
    webhook_id: webhook.id,
    name: webhook.name,
    description: webhook.description === '' ? undefined : webhook.description,
    url: webhook.url,
    events: webhook.events.filter((event) => EVENTS.has(event)).map(wordsOf),
    status: webhook.status.toUpperCase(),
    creation_timestamp: Date.parse(webhook.createdAt),
    last_updated_timestamp: Date.parse(webhook.updatedAt),
  }
}

function wordsOf(event: WebhookEvent): { entity: string; action: string } {
  const [entity = '', action = ''] = event.toUpperCase().split('.')
  return { entity, action }
}
