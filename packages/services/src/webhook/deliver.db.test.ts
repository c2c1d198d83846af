import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { CreatedWebhook, Webhook, WebhookDelivery } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { eq } from 'drizzle-orm'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { setAlias } from '../model/alias.ts'
import { createModel } from '../model/create.ts'
import { registerFromSource } from '../model/register-from-source.ts'
import { setVersionTag } from '../model/tags.ts'
import { registryStage } from '../testing/registry.ts'
import { webhookStage } from '../testing/webhooks.ts'
import { deliverWebhooks } from './deliver.ts'
import { redeliverWebhook } from './edit.ts'
import { EXAMPLES } from './event.ts'
import { listWebhookDeliveries, listWebhooks } from './read.ts'

const project = 'digits'
const { parts, idempotencyKey, admin, deliver, hook, open, worker } = webhookStage(project)

const deliveriesOf = async (webhookId: string) => {
  const { items } = await listWebhookDeliveries(admin(), { project, webhookId, limit: 50 })
  return WebhookDelivery.array().parse(items)
}

describe('what is sent', () => {
  test('in our shape is signed after Standard Webhooks, under the id of its delivery', async () => {
    const made = CreatedWebhook.parse(await hook())
    const model = await open()
    expect(await deliver()).toEqual({ sent: 1, failed: 0 })
    const [message] = parts.receiver.received
    if (!message) throw new Error('nothing came')
    const [delivery] = await deliveriesOf(made.id)
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, lastStatus: 200, lastError: null })
    expect(message.headers['webhook-id']).toBe(delivery?.id)
    const verified = new StandardWebhook(made.secret ?? '').verify(
      message.body,
      message.headers as Record<string, string>,
    )
    const at = parts.stage.clock.now().toISOString()
    const data = { name: model, tags: {}, description: 'why' }
    expect(verified).toEqual({ type: 'registered_model.created', timestamp: at, data })
  })

  test("in MLflow's shape carries its headers and the signature of the secret as it is", async () => {
    const secret = 'not base64 at all'
    await hook({ format: 'mlflow', secret })
    await open()
    await deliver()
    const [message] = parts.receiver.received
    if (!message) throw new Error('nothing came')
    const { 'x-mlflow-delivery-id': id, 'x-mlflow-timestamp': at, 'x-mlflow-signature': signature } = message.headers
    const digest = createHmac('sha256', secret).update(`${id}.${at}.${message.body}`).digest('base64')
    expect(signature).toBe(`v1,${digest}`)
    expect(id).toMatch(/^whd_/)
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60)
    expect(JSON.parse(message.body)).toMatchObject({ entity: 'registered_model', action: 'created' })
  })

  test('without a secret is not signed, and the secret is never shown again', async () => {
    const unsigned = await hook({ format: 'mlflow', secret: null })
    expect(unsigned).toMatchObject({ isSigned: false, secret: null })
    const made = await hook()
    const shown = await listWebhooks(admin(), { project })
    expect(
      Webhook.array()
        .parse(shown)
        .map(({ isSigned }) => isSigned),
    ).toEqual([false, true])
    expect(JSON.stringify(shown)).not.toContain(made.secret ?? 'none')
    const [row] = await parts.database.db.select().from(tables.webhook).where(eq(tables.webhook.id, made.id))
    expect(row?.sealedSecret).toMatch(/^v1\./)
    await open()
    await deliver()
    expect(parts.receiver.received.filter(({ headers }) => 'x-mlflow-signature' in headers)).toEqual([])
  })

  test('has an example of every event', () => {
    for (const [event, example] of Object.entries(EXAMPLES)) expect(example.event).toBe(event)
  })
})

describe('an event', () => {
  test('is told to those who want it, in its own project, with its own commit', async () => {
    const events = ['model_version.created', 'model_version_tag.set', 'model_version_alias.created'] as const
    const wants = await hook({ events: [...events] })
    const other = await hook({ events: ['model_version_tag.deleted'] })
    const logged = registryStage(parts.database.db, parts.stage)
    const { hex } = await logged.loggedModel({ 'model.pkl': 'x' })
    const model = await open()
    const wanted = { runId: null, loggedModelId: null, tags: [], runLink: '', description: '' }
    const ctx = parts.stage.as('editor')
    await registerFromSource(ctx, { project, model, source: `models:/m-${hex}`, ...wanted })
    await setVersionTag(ctx, { project, model, version: 1, key: 'a', value: 'b' })
    await setAlias(ctx, { project, model, version: 1, alias: 'champion' })
    await setAlias(ctx, { project, model, version: 1, alias: 'champion' })
    await createModel(parts.stage.stranger, { project: parts.stage.elsewhere.slug, model, description: '' })
    await expect(createModel(ctx, { project, model, description: '' })).rejects.toMatchObject({ code: 'conflict' })
    const told = (await deliveriesOf(wants.id)).map(({ event, payload }) => [event, payload.data])
    expect(told.reverse()).toEqual([
      ['model_version.created', expect.objectContaining({ name: model, version: '1', source: `models:/m-${hex}` })],
      ['model_version_tag.set', { name: model, version: '1', key: 'a', value: 'b' }],
      ['model_version_alias.created', { name: model, version: '1', alias: 'champion' }],
    ])
    expect(await deliveriesOf(other.id)).toEqual([])
  })
})

describe('a delivery', () => {
  test('that is not taken comes again later, always under the same id, and is given up visibly', async () => {
    const { id } = await hook()
    await open()
    parts.receiver.answers.push(
      ...[{ status: 500 }, { status: 429, headers: { 'retry-after': '900' } }, { status: 503 }],
    )
    await deliver()
    expect(await deliver()).toEqual({ sent: 0, failed: 0 })
    const [first] = await deliveriesOf(id)
    expect(first).toMatchObject({ state: 'pending', attempts: 1, lastStatus: 500, lastError: 'HTTP 500' })
    parts.stage.clock.advance(5_000)
    await deliver()
    parts.stage.clock.advance(899_000)
    expect(await deliver()).toEqual({ sent: 0, failed: 0 })
    parts.stage.clock.advance(1_000)
    await deliver()
    parts.stage.clock.advance(3_600_000)
    expect(await deliver()).toEqual({ sent: 1, failed: 0 })
    expect(new Set(parts.receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(parts.receiver.received).toHaveLength(4)

    await open()
    for (let tries = 0; tries < 12; tries++) {
      parts.receiver.answers.push({ status: 500 })
      await deliver()
      parts.stage.clock.advance(2 * 86_400_000)
    }
    parts.receiver.answers.length = 0
    const [given] = await deliveriesOf(id)
    expect(given).toMatchObject({ state: 'failed', attempts: 10, nextAt: null, lastError: 'HTTP 500' })
    expect(await listWebhooks(admin(), { project })).toMatchObject([{ id, failed: 1, pending: 0 }])
    const again = { project, webhookId: id, deliveryId: given?.id ?? '', idempotencyKey: idempotencyKey() }
    await redeliverWebhook(admin(), again)
    await expect(redeliverWebhook(admin(), { ...again, idempotencyKey: idempotencyKey() })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await deliver()).toEqual({ sent: 1, failed: 0 })
    expect(parts.receiver.received.at(-1)?.headers['webhook-id']).toBe(given?.id)
  })

  test('whose sender is killed while it sends is sent by the next one, under the same id', async () => {
    const { id } = await hook()
    await open()
    parts.receiver.hold(true)
    const program = new URL('../testing/webhook-sender.ts', import.meta.url).pathname
    const args = [program, parts.database.databaseUrl, parts.receiver.host, parts.stage.clock.now().toISOString()]
    const sender = spawn(process.execPath, args, { stdio: 'ignore' })
    await expect.poll(() => parts.receiver.received.length, { timeout: 20_000 }).toBe(1)
    sender.kill('SIGKILL')
    await once(sender, 'exit')
    parts.receiver.hold(false)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'pending', attempts: 1 }])
    expect(await deliver()).toEqual({ sent: 0, failed: 0 })
    parts.stage.clock.advance(60_000)
    expect(await deliver()).toEqual({ sent: 1, failed: 0 })
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 2 }])
    expect(new Set(parts.receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  }, 30_000)

  test('is sent once by two senders at the same time', async () => {
    await hook()
    for (let index = 0; index < 10; index++) await open()
    const both = await Promise.all([deliver(), deliver()])
    expect(both.reduce((sum, { sent }) => sum + sent, 0)).toBe(10)
    expect(parts.receiver.received).toHaveLength(10)
  })

  test('follows no redirect, and 410 switches the webhook off', async () => {
    const { id } = await hook()
    await open()
    parts.receiver.answers.push(...[{ status: 302, headers: { location: parts.receiver.url } }])
    await deliver()
    expect(parts.receiver.received).toHaveLength(1)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'failed', lastStatus: 302 }])
    await open()
    parts.receiver.answers.push({ status: 410 })
    await deliver()
    expect(await listWebhooks(admin(), { project })).toMatchObject([{ status: 'disabled' }])
    await open()
    expect(await deliveriesOf(id)).toHaveLength(2)
  })

  test('goes nowhere private, whatever the row says by then', async () => {
    const { id } = await hook()
    await open()
    await deliverWebhooks({ ...worker(), webhookAllow: [] }, () => 0)
    expect(parts.receiver.received).toEqual([])
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'pending', lastError: expect.stringContaining('private') }])
  })
})
