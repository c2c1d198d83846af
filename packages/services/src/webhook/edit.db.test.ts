import { CreateWebhook, UpdateWebhook, WebhookTestResult } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { createModel } from '../model/create.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { type Receiver, startReceiver } from '../testing/receiver.ts'
import { deliverWebhooks } from './deliver.ts'
import { createWebhook, deleteWebhook, updateWebhook } from './edit.ts'
import { listWebhookDeliveries, listWebhooks } from './read.ts'
import { testWebhook } from './send-example.ts'

const project = 'digits'
let database: TestDatabase
let stage: TestStage
let receiver: Receiver
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.close()
  stage.close()
  await database.drop()
})
beforeEach(() => receiver.clear())
afterEach(async () => {
  await database.db.delete(tables.webhookDelivery)
  await database.db.delete(tables.webhook)
})

let keys = 0
const idempotencyKey = () => `webhook-key-${++keys}`
const admin = (): Ctx => ({ ...stage.as('admin'), webhookAllow: [receiver.host] })
const worker = (): Ctx => ({ ...stage.ctx({ kind: 'system', name: 'worker' }), webhookAllow: [receiver.host] })
const deliver = () => deliverWebhooks(worker(), () => 0.5)
type Change = Partial<Omit<Parameters<typeof createWebhook>[1], 'project'>>
const hook = (change: Change = {}, ctx = admin()) => {
  const wanted = {
    project,
    name: 'hook',
    url: receiver.url,
    events: ['registered_model.created'],
    idempotencyKey: idempotencyKey(),
  }
  return createWebhook(ctx, { ...CreateWebhook.parse(wanted), ...change })
}
let models = 0
const open = async (ctx = stage.as('editor')) => {
  const model = `told-${++models}`
  await createModel(ctx, { project, model, description: 'why' })
  return model
}
describe('webhooks', () => {
  test.each([
    ...['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/', 'http://0/', 'http://2130706433/', 'http://0x7f.1/'],
    ...['http://169.254.169.254/latest', 'http://10.0.0.1/', 'http://[::ffff:127.0.0.1]/', 'https://u:p@1.1.1.1/'],
    ...['ftp://1.1.1.1/', 'file:///etc/passwd', 'http://1.1.1.1:5432/', 'not a url', 'http://canary#@127.0.0.1/'],
  ])('are not made for %s', async (bad) => {
    const ctx = { ...admin(), webhookAllow: [] }
    await expect(hook({ url: bad }, ctx)).rejects.toMatchObject({ code: 'invalid', field: 'url' })
    const made = await hook()
    const change = { project, webhookId: made.id, url: bad, idempotencyKey: idempotencyKey() }
    await expect(updateWebhook(ctx, change)).rejects.toMatchObject({ code: 'invalid', field: 'url' })
  })

  test('belong to those who manage channels, and to their project', async () => {
    for (const role of ['viewer', 'editor', 'deployer'] as const) {
      await expect(hook({}, { ...stage.as(role), webhookAllow: [receiver.host] })).rejects.toMatchObject({
        code: 'forbidden',
      })
      await expect(listWebhooks(stage.as(role), { project })).rejects.toMatchObject({ code: 'forbidden' })
    }
    const { id } = await hook()
    const theirs = { project: stage.elsewhere.slug, webhookId: id }
    const ctx = stage.stranger
    await expect(testWebhook(ctx, theirs)).rejects.toMatchObject({ code: 'not_found' })
    await expect(listWebhookDeliveries(ctx, { ...theirs, limit: 5 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(deleteWebhook(ctx, theirs)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('are changed, tried out, disabled and deleted', async () => {
    const { id } = await hook()
    const change = { project, webhookId: id, events: ['approval.requested'], name: 'renamed' }
    const parsed = UpdateWebhook.parse({ ...change, idempotencyKey: idempotencyKey() })
    expect(await updateWebhook(admin(), parsed)).toMatchObject({
      name: 'renamed',
      url: receiver.url,
      events: ['approval.requested'],
    })
    const tried = WebhookTestResult.parse(await testWebhook(admin(), { project, webhookId: id }))
    expect(tried).toEqual({ success: true, responseStatus: 200, responseBody: 'heard', errorMessage: null })
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type: 'approval.requested' })
    receiver.answers.push({ status: 404 })
    const refused = await testWebhook(admin(), { project, webhookId: id, event: 'rollout.started' })
    expect(refused).toMatchObject({ success: false, responseStatus: 404 })
    expect(await testWebhook({ ...admin(), webhookAllow: [] }, { project, webhookId: id })).toMatchObject({
      ...{ success: false, responseStatus: null },
      errorMessage: expect.stringContaining('private'),
    })
    await updateWebhook(admin(), { project, webhookId: id, events: ['registered_model.created'] })
    await open()
    await deleteWebhook(admin(), { project, webhookId: id })
    expect(await listWebhooks(admin(), { project })).toEqual([])
    receiver.received.length = 0
    expect(await deliver()).toEqual({ sent: 0, failed: 0 })
    await expect(deleteWebhook(admin(), { project, webhookId: id })).rejects.toMatchObject({ code: 'not_found' })
  })
})
