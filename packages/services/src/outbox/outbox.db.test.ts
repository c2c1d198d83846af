import { insertOutbox, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRollout } from '../rollout/start.ts'
import { tickRollouts } from '../rollout/tick.ts'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { sweepOutbox } from './sweep.ts'

let database: TestDatabase
let stage: ServingStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
const worker = () => stage.ctx({ kind: 'system', name: 'worker' })

it('turns an automatic rollback into one alert, whoever sweeps and however often', async () => {
  const endpointId = await stage.endpoint('alerted')
  const steps = [{ weightBps: 5_000, minDwellS: 60, minUnits: 10 }]
  const { id } = await startRollout(stage.deployer, {
    project: 'pets',
    endpointId,
    modelVersionId: await stage.modelVersion(),
    policy: { steps, alpha: 0.01, guards: ['errors'], margin: 1.25, maxDurationS: 600 },
    idempotencyKey: stage.key(),
  })
  await stage.observeAll()
  for (let index = 0; index < 10; index++) {
    await stage.second(endpointId, { rps: 60, behaviours: { 2: { errors: 1 } } })
    await tickRollouts(worker())
  }
  const swept = await Promise.all([sweepOutbox(worker()), sweepOutbox(worker())])
  expect(swept.reduce((sum, { done }) => sum + done, 0)).toBe(1)
  expect(await sweepOutbox(worker())).toEqual({ done: 0, failed: 0 })
  const alerts = await database.db.select().from(tables.alert).where(eq(tables.alert.rolloutId, id))
  expect(alerts).toMatchObject([{ rule: 'rollout.rolled_back', endpointId }])
})

it('leaves what it does not know to whoever does', async () => {
  const announced = { projectId: stage.project.id, topic: 'something.newer', payload: {}, at: stage.deployer.now() }
  const id = await insertOutbox(database.db, announced)
  expect(await sweepOutbox(worker())).toEqual({ done: 0, failed: 0 })
  const [row] = await database.db.select().from(tables.outbox).where(eq(tables.outbox.id, id))
  expect(row).toMatchObject({ attempts: 0, doneAt: null })
})
