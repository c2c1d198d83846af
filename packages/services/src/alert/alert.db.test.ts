import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { actOnAlert } from './act.ts'
import { createChannel, listChannels } from './channel.ts'
import { deliverAlerts } from './deliver.ts'
import { clearAlert, raiseAlert, type Signal } from './raise.ts'
import { getAlert, listAlerts } from './read.ts'

let database: TestDatabase
let stage: TestStage
let receiver: Server
let answer = 200
const received: { headers: Record<string, string>; body: string }[] = []
let allow: string[] = []
let hook = ''

beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body })
      response.writeHead(answer).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  allow = [`127.0.0.1:${port}`]
  hook = `http://127.0.0.1:${port}/hook`
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  stage.close()
  await database.drop()
})

const system = (): Ctx => ({ ...stage.ctx({ kind: 'system', name: 'worker' }), webhookAllow: allow })
const admin = (): Ctx => ({ ...stage.as('admin'), webhookAllow: allow })
const signal = (rule: string): Signal => ({
  projectId: stage.project.id,
  project: stage.project.slug,
  endpointId: null,
  endpoint: null,
  rule,
  summary: `${rule} happened`,
  evidence: { value: 1 },
})
const raise = (rule: string, severity: 'warning' | 'critical' = 'warning') =>
  database.db.transaction((tx) => raiseAlert(tx, system(), { ...signal(rule), severity }))

describe('alert channels', () => {
  it('refuses an address inside the private network and stores nothing', async () => {
    const input = {
      project: 'digits',
      name: 'inside',
      kind: 'webhook' as const,
      settings: { url: 'http://169.254.169.254/latest' },
      idempotencyKey: 'channel-inside',
    }
    await expect(createChannel(stage.as('admin'), input)).rejects.toMatchObject({
      code: 'invalid',
      field: 'settings.url',
    })
    expect(await listChannels(stage.as('admin'), { project: 'digits' })).toEqual([])
  })

  it('is an administrator’s to add, and gives its secret once', async () => {
    const input = {
      project: 'digits',
      name: 'pager',
      kind: 'webhook' as const,
      settings: { url: hook },
      idempotencyKey: 'channel-pager',
    }
    await expect(createChannel({ ...stage.as('deployer'), webhookAllow: allow }, input)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(createChannel({ ...stage.stranger, webhookAllow: allow }, input)).rejects.toMatchObject({
      code: 'not_found',
    })
    const made = await createChannel(admin(), input)
    expect(made.secret).toMatch(/^whsec_/)
    await expect(createChannel(admin(), input)).rejects.toMatchObject({ code: 'conflict' })
    const [row] = await database.db.select().from(tables.alertChannel)
    expect(JSON.stringify(row)).not.toContain(made.secret.slice(6))
  })
})

describe('an alert', () => {
  it('opens once, is delivered signed, and is refreshed instead of doubled', async () => {
    const first = await raise('drift')
    const second = await raise('drift')
    expect(second).toEqual({ alertId: first.alertId, opened: false })
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 1, failed: 0 })
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 0, failed: 0 })
    const [message] = received
    const [channel] = await database.db.select().from(tables.alertChannel)
    const body = new Webhook(system().seal.open(channel?.sealedSecret ?? '')).verify(
      message?.body ?? '',
      message?.headers ?? {},
    ) as { type: string; data: Record<string, unknown> }
    expect(body).toMatchObject({
      type: 'alert.fired',
      data: { alertId: first.alertId, rule: 'drift', links: { alert: `http://127.0.0.1:3000/a/${first.alertId}` } },
    })
    const alert = await getAlert(stage.as('viewer'), { alertId: first.alertId })
    expect(alert).toMatchObject({ state: 'firing', count: 2, deliveries: [{ state: 'delivered', attempts: 1 }] })
  })

  it('is not found by people of other projects', async () => {
    const { alertId } = await raise('hidden')
    await expect(getAlert(stage.stranger, { alertId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      actOnAlert(stage.as('viewer'), {
        project: 'digits',
        alertId,
        action: 'ack',
        note: '',
        idempotencyKey: 'ack-viewer',
      }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is acknowledged once under one key and resolved by a good evaluation', async () => {
    const { alertId } = await raise('errors', 'critical')
    const input = { project: 'digits', alertId, action: 'ack' as const, note: '', idempotencyKey: 'ack-errors-1' }
    expect(await actOnAlert(stage.as('editor'), input)).toEqual({ id: alertId, state: 'acked' })
    expect(await actOnAlert(stage.as('editor'), input)).toEqual({ id: alertId, state: 'acked' })
    expect(await database.db.transaction((tx) => clearAlert(tx, system(), signal('errors')))).toBe(true)
    expect(await database.db.transaction((tx) => clearAlert(tx, system(), signal('errors')))).toBe(false)
    const alert = await getAlert(stage.as('viewer'), { alertId })
    expect(alert.timeline.map(({ action }) => action)).toEqual(['alert.resolved', 'alert.acked', 'alert.opened'])
    const again = await raise('errors')
    expect(again.alertId).not.toBe(alertId)
    const open = await listAlerts(stage.as('viewer'), { project: 'digits', open: true, limit: 50 })
    expect(open.items.map(({ rule }) => rule).sort()).toEqual(['drift', 'errors', 'hidden'])
  })

  it('tells everybody again when it gets worse, once', async () => {
    const { alertId } = await raise('worse', 'warning')
    await raise('worse', 'critical')
    await raise('worse', 'critical')
    const alert = await getAlert(stage.as('viewer'), { alertId })
    expect(alert).toMatchObject({ severity: 'critical', state: 'firing', count: 3 })
    expect(alert.deliveries.map(({ transition }) => transition)).toEqual(['fired', 'escalated'])
    expect(alert.timeline.map(({ action }) => action)).toEqual(['alert.escalated', 'alert.opened'])
  })

  it('opens once when two evaluations find it at the same moment', async () => {
    const results = await Promise.all([raise('race'), raise('race'), raise('race')])
    expect(results.filter(({ opened }) => opened)).toHaveLength(1)
    expect(new Set(results.map(({ alertId }) => alertId)).size).toBe(1)
  })
})

describe('delivery', () => {
  it('tries again later under the same id, and a dead channel is switched off by 410', async () => {
    await deliverAlerts(system(), () => 0.5)
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 0, failed: 0 })
    received.length = 0
    answer = 500
    const { alertId } = await raise('retry')
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 0, failed: 1 })
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 0, failed: 0 })
    stage.clock.advance(3_000)
    answer = 200
    expect(await deliverAlerts(system(), () => 0.5)).toEqual({ sent: 1, failed: 0 })
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
      received[0]?.headers['webhook-id'],
      received[0]?.headers['webhook-id'],
    ])
    expect((await getAlert(stage.as('viewer'), { alertId })).deliveries).toMatchObject([
      { state: 'delivered', attempts: 2 },
    ])
    answer = 410
    await raise('gone')
    await deliverAlerts(system(), () => 0.5)
    const [channel] = await database.db.select().from(tables.alertChannel).where(eq(tables.alertChannel.name, 'pager'))
    expect(channel?.enabled).toBe(false)
  })
})
