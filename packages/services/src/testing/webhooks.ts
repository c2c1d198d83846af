import { CreateWebhook } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Ctx } from '../context.ts'
import { createModel } from '../model/create.ts'
import { deliverWebhooks } from '../webhook/deliver.ts'
import { createWebhook } from '../webhook/edit.ts'
import { type TestStage, testStage } from './context.ts'
import { type Receiver, startReceiver } from './receiver.ts'

type Parts = { database: TestDatabase; stage: TestStage; receiver: Receiver }
type Change = Partial<Omit<Parameters<typeof createWebhook>[1], 'project'>>

/** A project, a receiver on loopback that it may reach, and no webhook left by the test before. For one test file. */
export function webhookStage(project: string) {
  const parts = {} as Parts
  beforeAll(async () => {
    parts.database = await testDatabase()
    parts.stage = await testStage(parts.database.db)
    parts.receiver = await startReceiver()
  })
  afterAll(async () => {
    await parts.receiver.close()
    parts.stage.close()
    await parts.database.drop()
  })
  beforeEach(() => parts.receiver.clear())
  afterEach(async () => {
    await parts.database.db.delete(tables.webhookDelivery)
    await parts.database.db.delete(tables.webhook)
  })

  let keys = 0
  let models = 0
  const idempotencyKey = () => `webhook-key-${++keys}`
  const reaching = (ctx: Ctx): Ctx => ({ ...ctx, webhookAllow: [parts.receiver.host] })
  const admin = () => reaching(parts.stage.as('admin'))
  const worker = () => reaching(parts.stage.ctx({ kind: 'system', name: 'worker' }))
  return {
    parts,
    idempotencyKey,
    admin,
    worker,
    deliver: () => deliverWebhooks(worker(), () => 0.5),
    hook: (change: Change = {}, ctx = admin()) => {
      const told = { name: 'hook', url: parts.receiver.url, events: ['registered_model.created'] }
      const wanted = CreateWebhook.parse({ project, ...told, idempotencyKey: idempotencyKey() })
      return createWebhook(ctx, { ...wanted, ...change })
    },
    open: async (ctx = parts.stage.as('editor')) => {
      const model = `told-${++models}`
      await createModel(ctx, { project, model, description: 'why' })
      return model
    },
  }
}
