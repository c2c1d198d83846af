import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { appendPoints } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { appendUpload } from '@modelyard/services'
import { type ModelStage, modelStage } from '@modelyard/services/testing/models'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConsoleCaller } from './index.ts'

let database: TestDatabase
let stage: ModelStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const hub = { arm: () => ({ wait: async () => {}, disarm: () => {} }), changes: async function* () {} }
const project = 'digits'
const caller = (ctx = stage.as('editor')) => createConsoleCaller({ ctx, hub })

test('a table goes up, becomes a dataset version and is read back by name and by id', async () => {
  const bytes = Buffer.from(`x,y\n${Array.from({ length: 60 }, (_, row) => `${row},${row % 2}`).join('\n')}\n`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const begun = await caller().upload.begin({ project, sha256, sizeBytes: bytes.byteLength })
  if (begun.state !== 'upload') throw new Error('it is there already')
  const { uploadId } = begun
  await appendUpload(stage.as('editor'), { uploadId, offset: 0, body: Readable.from([bytes]), maxBytes: 10_000 })
  expect(await caller().upload.complete({ uploadId })).toEqual({ sha256, sizeBytes: bytes.byteLength })
  const split = { kind: 'ordered', train: 0.8, validation: 0.1, test: 0.1, seed: 0 } as const
  const wanted = { project, name: 'table', sha256, format: 'csv', labelColumn: 'y', split } as const
  const made = await caller().datasets.register({ ...wanted, idempotencyKey: stage.key() })
  expect(await caller().datasets.get({ project, id: made.id })).toEqual(made)
  expect(await caller().datasets.get({ project, name: 'table', version: 1 })).toEqual(made)
  expect((await caller().datasets.list({ project })).map(({ name }) => name)).toEqual(['rows', 'table'])
})

test('a trained version is listed, read and approved; its run is read with its series', async () => {
  const { job, blob, register } = await stage.train()
  const { id } = await register()
  const points = [{ key: 'loss', step: 0n, value: Number.NaN, atMs: BigInt(stage.clock.now().getTime()) }]
  await appendPoints(database.db, { projectId: stage.project.id, runId: job.runId, points, fence: 1 })
  const version = await caller().models.get({ project, modelVersionId: id })
  expect(await caller().models.get({ project, model: 'clf', version: 1 })).toEqual(version)
  expect((await caller().models.versions({ project, model: 'clf' })).map((one) => one.id)).toEqual([id])
  const approval = await caller().models.requestApproval({ project, modelVersionId: id, idempotencyKey: stage.key() })
  const decision = { project, approvalId: approval.id, digest: blob.sha256, decision: 'approve' } as const
  const decided = await caller(stage.as('deployer')).models.decideApproval({ ...decision, idempotencyKey: stage.key() })
  expect(decided.state).toBe('approved')
  expect((await caller().models.list({ project }))[0]).toMatchObject({ name: 'clf', latest: { stage: 'approved' } })
  const run = await caller().runs.get({ project, runId: job.runId })
  expect(run).toMatchObject({ modelVersionId: id, metrics: { loss: null } })
  expect((await caller().runs.list({ project })).items.map((one) => one.id)).toEqual([run.id])
  expect(await caller().runs.series({ project, runId: run.id })).toMatchObject([{ key: 'loss', last: [null] }])
})

test('ids of another kind and of other projects are refused as what they are', async () => {
  const { register } = await stage.train()
  const { id: modelVersionId } = await register()
  await expect(caller().models.get({ project, modelVersionId: "mv_'--" })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  await expect(caller(stage.stranger).models.get({ project: 'digits-b', modelVersionId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(createConsoleCaller({ ctx: null, hub }).models.list({ project })).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  })
})
