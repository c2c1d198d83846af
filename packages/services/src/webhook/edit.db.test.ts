import { UpdateWebhook, WebhookTestResult } from '@modelyard/contracts'
import { describe, expect, test } from 'vitest'
import { webhookStage } from '../testing/webhooks.ts'
import { deleteWebhook, updateWebhook } from './edit.ts'
import { listWebhookDeliveries, listWebhooks } from './read.ts'
import { testWebhook } from './send-example.ts'

const project = 'digits'
const { parts, idempotencyKey, admin, deliver, hook, open } = webhookStage(project)

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
      await expect(hook({}, { ...parts.stage.as(role), webhookAllow: [parts.receiver.host] })).rejects.toMatchObject({
        code: 'forbidden',
      })
      await expect(listWebhooks(parts.stage.as(role), { project })).rejects.toMatchObject({ code: 'forbidden' })
    }
    const { id } = await hook()
    const theirs = { project: parts.stage.elsewhere.slug, webhookId: id }
    const ctx = parts.stage.stranger
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
      url: parts.receiver.url,
      events: ['approval.requested'],
    })
    const tried = WebhookTestResult.parse(await testWebhook(admin(), { project, webhookId: id }))
    expect(tried).toEqual({ success: true, responseStatus: 200, responseBody: 'heard', errorMessage: null })
    expect(JSON.parse(parts.receiver.received[0]?.body ?? '')).toMatchObject({ type: 'approval.requested' })
    parts.receiver.answers.push({ status: 404 })
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
    parts.receiver.received.length = 0
    expect(await deliver()).toEqual({ sent: 0, failed: 0 })
    await expect(deleteWebhook(admin(), { project, webhookId: id })).rejects.toMatchObject({ code: 'not_found' })
  })
})
