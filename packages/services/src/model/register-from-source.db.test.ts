import { listApprovals, listLedger, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { linearModel, type ModelStage, modelStage } from '../testing/models.ts'
import { type RegistryStage, registryStage } from '../testing/registry.ts'
import { deleteAlias, setAlias } from './alias.ts'
import { createModel } from './create.ts'
import { decideApproval } from './decide-approval.ts'
import { deleteVersion } from './delete.ts'
import { getModelVersion } from './read.ts'
import { registerFromSource } from './register-from-source.ts'
import { requestApproval } from './request-approval.ts'
import { setVersionTag } from './tags.ts'
import { renameModel } from './update.ts'

const project = 'digits'
let database: TestDatabase
let stage: ModelStage
let logged: RegistryStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  // Nothing of ours evaluates what clients bring, so a project with KPIs would stop all of it there.
  await database.db.update(tables.project).set({ kpis: [] }).where(eq(tables.project.id, stage.project.id))
  logged = registryStage(database.db, stage)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

let names = 0
const openModel = async () => {
  const model = `clients-${++names}`
  await createModel(stage.as('editor'), { project, model, description: '' })
  return model
}
const register = (ctx: Ctx, model: string, source: string) => {
  const unsaid = { runId: null, loggedModelId: null, tags: [], runLink: '', description: '' }
  return registerFromSource(ctx, { project, model, source, ...unsaid })
}
const ask = (modelVersionId: string) =>
  requestApproval(stage.as('editor'), { project, modelVersionId, comment: '', idempotencyKey: stage.key() })
const approve = (ctx: Ctx, { id: approvalId, digest }: { id: string; digest: string }) =>
  decideApproval(ctx, {
    ...{ project, approvalId, digest, decision: 'approve' as const, comment: '' },
    idempotencyKey: stage.key(),
  })

/** The training process of a job, whose run has these files. */
async function trainingProcess(files: Record<string, string | Uint8Array>): Promise<{ ctx: Ctx; source: string }> {
  const { job } = await stage.train({ by: stage.as('deployer') })
  await logged.upload(job.runId, files)
  const attempt = { attemptId: stage.as('admin').newId('att'), jobId: job.id, runId: job.runId, fence: 1 }
  const [row] = await database.db.select().from(tables.project).where(eq(tables.project.id, stage.project.id))
  if (!row) throw new Error('the project is gone')
  const ctx = stage.ctx({ kind: 'attempt', ...attempt, projectId: stage.project.id })
  return { ctx: { ...ctx, scope: { project: row, role: 'editor' } }, source: `runs:/${hexOfId(job.runId)}/model` }
}

test('what a job registers has its dataset and its submitter, who cannot approve it; opaque is approved by its list of files', async () => {
  const { ctx, source } = await trainingProcess({ 'model/model.pkl': 'weights', 'model/MLmodel': 'flavors: {}' })
  const model = await openModel()
  const { id } = await register(ctx, model, source)
  const version = await getModelVersion(stage.as('viewer'), { project, modelVersionId: id })
  expect(version).toMatchObject({
    ...{ format: 'opaque', gatesPassed: true, createdBy: { label: 'deployer of digits' } },
    lineage: { datasetVersionId: stage.datasetVersionId, codeCommit: 'c0ffee' },
  })
  expect(version.gates.map(({ gate }) => gate)).toEqual(['artifact', 'dataset_quality', 'leakage', 'signature'])
  const approval = await ask(id)
  expect(approval.digest).toBe(version.sha256)
  await expect(approve(stage.as('deployer'), approval)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(approve(stage.as('admin'), { ...approval, digest: 'a'.repeat(64) })).rejects.toMatchObject({
    code: 'stale',
  })
  expect(await approve(stage.as('admin'), approval)).toMatchObject({ state: 'approved' })
  const endpoint = { project, name: 'nobody', modelVersionId: id, idempotencyKey: stage.key() }
  await expect(createEndpoint(stage.as('deployer'), endpoint)).rejects.toMatchObject({
    code: 'blocked',
    message: expect.stringContaining('only ONNX'),
  })
})

test('the digest of an opaque version is that of its paths and hashes, whatever order they came in', async () => {
  const model = await openModel()
  const files = { 'b.bin': '1', 'a/é.txt': '2', 'a.txt': '3' }
  const one = await logged.loggedModel(files)
  const two = await logged.loggedModel(Object.fromEntries(Object.entries(files).reverse()))
  const other = await logged.loggedModel({ ...files, 'b.bin': '2' })
  const digests: string[] = []
  for (const { hex } of [one, two, other]) {
    const { id } = await register(stage.as('editor'), model, `models:/m-${hex}`)
    digests.push((await getModelVersion(stage.as('viewer'), { project, modelVersionId: id })).sha256)
  }
  expect(digests[0]).toBe(digests[1])
  expect(digests[2]).not.toBe(digests[0])
})

test('an ONNX model of a client that fits its data is approved and served like any other', async () => {
  const { ctx, source } = await trainingProcess({ 'model/model.onnx': linearModel(2, 99), 'model/readme.md': 'x' })
  const { id } = await register(ctx, await openModel(), source)
  const version = await getModelVersion(stage.as('viewer'), { project, modelVersionId: id })
  expect(version.gates.map(({ gate, pass }) => [gate, pass])).toEqual([
    ...[
      ['artifact', true],
      ['dataset_quality', true],
      ['leakage', true],
      ['signature', true],
      ['dataset_fit', true],
    ],
  ])
  expect(version).toMatchObject({ classes: ['no', 'yes'], format: 'onnx' })
  await approve(stage.as('admin'), await ask(id))
  const endpoint = { project, name: 'of-a-client', modelVersionId: id, idempotencyKey: stage.key() }
  expect(await createEndpoint(stage.as('deployer'), endpoint)).toMatchObject({ name: 'of-a-client' })
  await expect(
    deleteVersion(stage.as('deployer'), { project, model: version.model, version: version.version }),
  ).rejects.toMatchObject({ code: 'blocked', details: { endpoints: ['of-a-client'] } })
})

test('a version that is gone is asked about no more; the ledger still says what it was', async () => {
  const { ctx, source } = await trainingProcess({ 'model/model.pkl': 'gone' })
  const model = await openModel()
  const { id, version } = await register(ctx, model, source)
  const approval = await ask(id)
  await deleteVersion(stage.as('deployer'), { project, model, version })
  await expect(approve(stage.as('admin'), approval)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listApprovals(database.db, id)).toMatchObject([{ state: 'void' }])
  await expect(getModelVersion(stage.as('viewer'), { project, modelVersionId: id })).rejects.toMatchObject({
    code: 'not_found',
  })
  const entries = await listLedger(database.db, { projectId: stage.project.id, limit: 20, targetId: id })
  expect(entries.map(({ action }) => action)).toEqual([
    'model_version.deleted',
    'approval.requested',
    'model.registered',
  ])
  expect(entries.at(-1)?.detail).toMatchObject({ sha256: approval.digest, format: 'opaque', files: 1 })
})

test('an attempt labels and names what its job made, leaves alone what others made, and deletes nothing', async () => {
  const { ctx, source } = await trainingProcess({ 'model/model.pkl': 'kept' })
  const model = await openModel()
  const { version } = await register(ctx, model, source)
  const own = { project, model, version }
  const forbidden = { code: 'forbidden' }
  await expect(deleteVersion(ctx, own)).rejects.toMatchObject(forbidden)
  await expect(renameModel(ctx, { project, model, newName: 'mine' })).rejects.toMatchObject(forbidden)
  await setVersionTag(ctx, { ...own, key: 'by', value: 'the job' })
  await setAlias(ctx, { ...own, alias: 'champion' })

  const other = await trainingProcess({ 'model/model.pkl': 'another' })
  await expect(setVersionTag(other.ctx, { ...own, key: 'by', value: 'another' })).rejects.toMatchObject(forbidden)
  await expect(setAlias(other.ctx, { ...own, alias: 'best' })).rejects.toMatchObject(forbidden)
  await expect(deleteAlias(other.ctx, { project, model, alias: 'champion' })).rejects.toMatchObject(forbidden)
  const newer = await register(other.ctx, model, other.source)
  await setAlias(other.ctx, { project, model, version: newer.version, alias: 'champion' })
})
