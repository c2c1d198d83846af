import type { WebhookEvent } from '@modelyard/contracts'
import { type Db, insertWebhookDeliveries, listListeners, type RegistryTag, type WebhookRow } from '@modelyard/db'
import { hexOfId, type Json } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

/** Something a webhook can be told of; `data` has the names and forms that MLflow gives them, for both formats. */
export type RegistryEvent = { event: WebhookEvent; data: Record<string, Json> }
type Entity = { name: string }
type Version = Entity & { version: number }

const ofVersion = ({ name, version }: Version) => ({ name, version: String(version) })
const ofTags = (tags: readonly RegistryTag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]))

export const happenedToRegistry = {
  modelCreated: (model: Entity & { description: string; tags: readonly RegistryTag[] }): RegistryEvent => ({
    event: 'registered_model.created',
    data: { name: model.name, tags: ofTags(model.tags), description: model.description },
  }),
  versionCreated: (
    made: Version & { source: string; runId: string | null; description: string; tags: readonly RegistryTag[] },
  ): RegistryEvent => ({
    event: 'model_version.created',
    data: {
      ...ofVersion(made),
      source: made.source,
      run_id: made.runId === null ? null : hexOfId(made.runId),
      tags: ofTags(made.tags),
      description: made.description,
    },
  }),
  versionTagSet: (tag: Version & RegistryTag): RegistryEvent => ({
    event: 'model_version_tag.set',
    data: { ...ofVersion(tag), key: tag.key, value: tag.value },
  }),
  versionTagDeleted: (tag: Version & { key: string }): RegistryEvent => ({
    event: 'model_version_tag.deleted',
    data: { ...ofVersion(tag), key: tag.key },
  }),
  aliasCreated: (alias: Version & { alias: string }): RegistryEvent => ({
    event: 'model_version_alias.created',
    data: { ...ofVersion(alias), alias: alias.alias },
  }),
  aliasDeleted: ({ name, alias }: Entity & { alias: string }): RegistryEvent => ({
    event: 'model_version_alias.deleted',
    data: { name, alias },
  }),
  stageChanged: (moved: Version & { from: string; to: string }): RegistryEvent => ({
    event: 'model_version.stage_changed',
    data: { ...ofVersion(moved), from_stage: moved.from, to_stage: moved.to },
  }),
  approval: (
    state: 'requested' | 'approved' | 'rejected',
    about: Version & { digest: string; by: string },
  ): RegistryEvent => ({
    event: `approval.${state}`,
    data: { ...ofVersion(about), digest: about.digest, by: about.by },
  }),
  rollout: (
    step: 'started' | 'promoted' | 'rolled_back',
    about: Version & { rolloutId: string; endpoint: string },
  ): RegistryEvent => ({
    event: `rollout.${step}`,
    data: { ...ofVersion(about), rollout_id: about.rolloutId, endpoint: about.endpoint },
  }),
}

/**
 * Write a delivery for each active webhook that wants an event, inside the transaction that made it happen: what commits
 * is told, what does not is not, and the worker may die in between.
 */
export async function queueWebhooks(
  ctx: Pick<Ctx, 'now' | 'newId'>,
  tx: Db,
  { projectId, events }: { projectId: string; events: readonly RegistryEvent[] },
): Promise<void> {
  const now = ctx.now()
  for (const { event, data } of events) {
    const listeners = await listListeners(tx, { projectId, event })
    const rows = listeners.map(({ id, format }) => ({
      ...{ id: ctx.newId('whd'), projectId, webhookId: id, event },
      ...{ payload: payloadOf({ format, event, data, at: now }) },
      ...{ state: 'pending' as const, nextAt: now, createdAt: now },
    }))
    await insertWebhookDeliveries(tx, rows)
  }
}

type Told = RegistryEvent & { format: WebhookRow['format']; at: Date }

/** The body as it is sent. MLflow's names an entity and an action; ours is that of Standard Webhooks. */
export function payloadOf({ format, event, data, at }: Told): Record<string, Json> {
  if (format === 'modelyard') return { type: event, timestamp: at.toISOString(), data }
  const [entity = '', action = ''] = event.split('.')
  return { entity, action, timestamp: at.toISOString(), data }
}

/** What a test sends. */
export const EXAMPLES: Readonly<Record<WebhookEvent, RegistryEvent>> = exampleEvents()

function exampleEvents(): Record<WebhookEvent, RegistryEvent> {
  const version = { name: 'example_model', version: 1 }
  const tags = [{ key: 'example_key', value: 'example_value' }]
  const [tag] = tags as [RegistryTag]
  const make = happenedToRegistry
  const made = { description: 'An example', tags }
  const about = { ...version, digest: 'a'.repeat(64), by: 'Example' }
  const rollout = { ...version, rolloutId: 'ro_example', endpoint: 'example' }
  const all = [
    make.modelCreated({ name: version.name, ...made }),
    make.versionCreated({ ...version, ...made, source: 'models:/example_model/1', runId: null }),
    make.versionTagSet({ ...version, ...tag }),
    make.versionTagDeleted({ ...version, key: tag.key }),
    make.aliasCreated({ ...version, alias: 'example_alias' }),
    make.aliasDeleted({ name: version.name, alias: 'example_alias' }),
    make.stageChanged({ ...version, from: 'None', to: 'Staging' }),
    ...(['requested', 'approved', 'rejected'] as const).map((state) => make.approval(state, about)),
    ...(['started', 'promoted', 'rolled_back'] as const).map((step) => make.rollout(step, rollout)),
  ]
  return Object.fromEntries(all.map((each) => [each.event, each])) as Record<WebhookEvent, RegistryEvent>
}
