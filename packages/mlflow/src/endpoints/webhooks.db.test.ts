import { createHmac } from 'node:crypto'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { createWebhook } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { type Receiver, startReceiver } from '@modelyard/services/testing/receiver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

const HOOKS = '/api/2.0/mlflow/webhooks'
let database: TestDatabase
let stage: TestStage
let send: Wire
let receiver: Receiver
let url: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  receiver = await startReceiver()
  url = receiver.url
  send = wireOf({ ...stage.as('admin'), webhookAllow: [receiver.host] }, stage.project.slug)
})
afterAll(async () => {
  await receiver.close()
  stage.close()
  await database.drop()
})

const events = [
  { entity: 'MODEL_VERSION', action: 'CREATED' },
  { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' },
]
const create = (body: object) => send('POST', HOOKS, { body: { name: 'hook', url, events, ...body } })
const invalid = { status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } }

test('a webhook is made, read, listed in pages, changed and deleted; its secret is never in an answer', async () => {
  const at = stage.clock.now().getTime()
  const made = await create({ description: 'why', secret: 'top secret' })
  const webhook = {
    ...{ webhook_id: made.at('webhook.webhook_id'), name: 'hook', description: 'why', url, events, status: 'ACTIVE' },
    ...{ creation_timestamp: at, last_updated_timestamp: at },
  }
  expect(made.json).toEqual({ webhook })
  expect((await send('GET', `${HOOKS}/${webhook.webhook_id}`)).json).toEqual({ webhook })
  const second = await create({ name: 'second', status: 'DISABLED' })
  expect(second.at('webhook.status')).toBe('DISABLED')
  const first = await send('GET', `${HOOKS}?max_results=1`)
  expect(first.json).toMatchObject({ webhooks: [{ name: 'hook' }] })
  const rest = await send('GET', `${HOOKS}?max_results=1&page_token=${first.at('next_page_token')}`)
  expect(rest.json).toMatchObject({ webhooks: [{ name: 'second' }] })
  expect(rest.at('next_page_token')).toBe('')
  expect(await send('GET', `${HOOKS}?page_token=nonsense!`)).toMatchObject(invalid)
  const change = { name: 'renamed', status: 'DISABLED', events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }] }
  const changed = await send('PATCH', `${HOOKS}/${webhook.webhook_id}`, { body: change })
  expect(changed.json).toMatchObject({ webhook: { ...change, url, description: 'why' } })
  for (const answer of [made, first, changed]) expect(answer.bytes.toString()).not.toContain('top secret')
  for (const id of [webhook.webhook_id, second.at('webhook.webhook_id')])
    expect(await send('DELETE', `${HOOKS}/${id}`)).toMatchObject({ status: 200, json: {} })
  expect((await send('GET', HOOKS)).json).toEqual({})
  expect(await send('GET', `${HOOKS}/${webhook.webhook_id}`)).toMatchObject({ status: 404 })
})

test('a test sends one signed example and says how it was taken', async () => {
  const id = (await create({ secret: 's3cret' })).at('webhook.webhook_id')
  const tried = await send('POST', `${HOOKS}/${id}/test`, {
    body: { event: { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' } },
  })
  expect(tried.json).toEqual({ result: { success: true, response_status: 200, response_body: 'heard' } })
  const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' }
  const { 'x-mlflow-delivery-id': delivery, 'x-mlflow-timestamp': at, 'x-mlflow-signature': signature } = headers
  expect(signature).toBe(`v1,${createHmac('sha256', 's3cret').update(`${delivery}.${at}.${body}`).digest('base64')}`)
  expect(JSON.parse(body)).toMatchObject({
    entity: 'model_version_alias',
    action: 'deleted',
    data: { alias: expect.any(String) },
  })
  receiver.answers.push({ status: 500 })
  const failed = await send('POST', `${HOOKS}/${id}/test`, { body: {} })
  expect(failed).toMatchObject({ status: 200, json: { result: { success: false, response_status: 500 } } })
  expect(JSON.parse(receiver.received.at(-1)?.body ?? '')).toMatchObject({ entity: 'model_version', action: 'created' })
})

test.each([
  ['no events', { events: [] }],
  ['an event that is none', { events: [{ entity: 'MODEL_VERSION', action: 'SET' }] }],
  ['prompts, which are not kept', { events: [{ entity: 'PROMPT', action: 'CREATED' }] }],
  ['a word that is no entity', { events: [{ entity: 'RUN', action: 'CREATED' }] }],
  ['no name', { name: '' }],
  ['no address', { url: '' }],
  ['an address inside', { url: 'http://169.254.169.254/latest/meta-data/' }],
  ['an address that is a file', { url: 'file:///etc/passwd' }],
  ['a status that is none', { status: 'ASLEEP' }],
])('%s is refused', async (_, body) => {
  expect(await create(body)).toMatchObject(invalid)
})

test("webhooks of our own shape stay out of MLflow's sight", async () => {
  const ctx = { ...stage.as('admin'), webhookAllow: [receiver.host] }
  const wanted = { project: stage.project.slug, name: 'ours', description: '', url, format: 'modelyard' as const }
  const { id } = await createWebhook(ctx, { ...wanted, events: ['approval.requested'] })
  expect((await send('GET', HOOKS)).bytes.toString()).not.toContain(id)
  for (const [method, path] of [
    ['GET', id],
    ['PATCH', id],
    ['DELETE', id],
    ['POST', `${id}/test`],
  ] as const)
    expect(await send(method, `${HOOKS}/${path}`, method === 'GET' ? {} : { body: {} })).toMatchObject({ status: 404 })
})
