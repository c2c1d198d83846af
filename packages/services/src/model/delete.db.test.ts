import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEndpoint } from '../endpoint/create.ts'
import { startRollout } from '../rollout/start.ts'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { deleteModel, deleteVersion } from './delete.ts'
import { listModelVersions } from './read.ts'

const project = 'pets'
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

const numberOf = async (id: string) => {
  const [row] = await database.db.select().from(tables.modelVersion).where(eq(tables.modelVersion.id, id))
  return row?.version ?? 0
}

test('a version is either deployed or deleted, whoever comes first', async () => {
  for (let round = 0; round < 10; round++) {
    const modelVersionId = await stage.modelVersion()
    const version = await numberOf(modelVersionId)
    const endpoint = { project, name: `race-${round}`, modelVersionId, idempotencyKey: stage.key() }
    const both = await Promise.allSettled([
      createEndpoint(stage.deployer, endpoint),
      deleteVersion(stage.deployer, { project, model: 'pets', version }),
    ])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  }
})

test('a canary counts as traffic, of its version and of its model', async () => {
  const endpointId = await stage.endpoint('canaries')
  const modelVersionId = await stage.modelVersion()
  const steps = [{ weightBps: 1_000, minDwellS: 60, minUnits: 10 }]
  const policy = { steps, alpha: 0.01, guards: ['errors' as const], margin: 1.25, maxDurationS: 600 }
  await startRollout(stage.deployer, { project, endpointId, modelVersionId, policy, idempotencyKey: stage.key() })
  const version = await numberOf(modelVersionId)
  const before = await listModelVersions(stage.as('viewer'), { project, model: 'pets' })
  for (const refused of [
    () => deleteVersion(stage.deployer, { project, model: 'pets', version }),
    () => deleteModel(stage.deployer, { project, model: 'pets' }),
  ])
    await expect(refused()).rejects.toMatchObject({
      code: 'blocked',
      details: { endpoints: expect.arrayContaining(['canaries']) },
    })
  expect(await listModelVersions(stage.as('viewer'), { project, model: 'pets' })).toEqual(before)
})
