import { ModelVersion, ModelVersionSummary, RegisterModelVersion } from '@modelyard/contracts'
import { findJobById, listLedger } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { linearModel, type ModelStage, modelStage, testReport } from '../testing/models.ts'
import { decideApproval } from './decide-approval.ts'
import { getModelVersion, listModels, listModelVersions } from './read.ts'
import { registerModelVersion } from './register.ts'
import { requestApproval } from './request-approval.ts'

const project = 'digits'
let database: TestDatabase
let stage: ModelStage
let datasetVersionId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  datasetVersionId = stage.datasetVersionId
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const get = async (id: string, ctx: Ctx = stage.as('viewer')) =>
  ModelVersion.parse(await getModelVersion(ctx, { project, modelVersionId: id }))
const failed = (version: ModelVersion) => version.gates.filter(({ pass }) => !pass).map(({ gate }) => gate)
const ask = (ctx: Ctx, modelVersionId: string) =>
  requestApproval(ctx, { project, modelVersionId, comment: '', idempotencyKey: stage.key() })
const decide = (ctx: Ctx, approvalId: string, digest: string, decision: 'approve' | 'reject' = 'approve') =>
  decideApproval(ctx, { project, approvalId, digest, decision, comment: '', idempotencyKey: stage.key() })

describe('what a job made', () => {
  test('is registered once, with its lineage, evaluation and gates, and the submitter as its author', async () => {
    const { job, blob, register } = await stage.train()
    const [one, two] = await Promise.all([register(), register().catch(() => register())])
    expect((await register()).id).toBe(one.id)
    expect(two.id).toBe(one.id)
    const version = await get(one.id)
    expect(version).toMatchObject({
      ...{ model: 'clf', stage: 'candidate', sha256: blob.sha256, accuracy: 0.95, p95LatencyMs: 2, gatesPassed: true },
      lineage: {
        jobId: job.id,
        runId: job.runId,
        datasetVersionId,
        datasetName: 'rows',
        datasetVersion: 1,
        codeCommit: 'c0ffee',
      },
      ...{ classes: ['no', 'yes'], liveOn: [], approvals: [], evaluations: [{ split: 'test' }] },
      signature: { inputs: [{ name: 'x', shape: ['N', 2] }] },
      createdBy: { kind: 'user', label: 'editor of digits' },
    })
    expect(version.gates.map(({ gate }) => gate)).toEqual([
      ...['artifact', 'kpi:accuracy', 'kpi:p95_latency_ms', 'dataset_quality', 'leakage', 'signature', 'dataset_fit'],
    ])
    const entries = await listLedger(database.db, {
      projectId: stage.project.id,
      limit: 10,
      action: 'model.registered',
    })
    expect(entries.filter(({ targetId }) => targetId === one.id)).toMatchObject([{ actor: { kind: 'runner' } }])
  })

  test.each([
    [{ report: { accuracy: 0.5 } }, ['kpi:accuracy']],
    [{ report: { latencyMs: { p50: 1, p95: 200, p99: 300, runs: 1, batchRows: 1 } } }, ['kpi:p95_latency_ms']],
    [{ report: { split: 'validation' as const } }, ['kpi:accuracy', 'kpi:p95_latency_ms']],
    [{ features: 3 }, ['dataset_fit']],
  ])('that misses %j does not pass %j', async (change, gates) => {
    const { register } = await stage.train(change)
    const version = await get((await register()).id)
    expect([version.gatesPassed, failed(version)]).toEqual([false, gates])
    await expect(ask(stage.as('editor'), version.id)).rejects.toMatchObject({ code: 'blocked', details: { gates } })
  })

  test('with two evaluations of one part is refused whole', async () => {
    const { job, register } = await stage.train({ reports: [testReport(), testReport()], model: 'twice' })
    await expect(register()).rejects.toMatchObject({ code: 'invalid' })
    expect((await listModels(stage.as('viewer'), { project })).map(({ name }) => name)).not.toContain('twice')
    expect((await findJobById(database.db, job.id))?.modelVersionId).toBeNull()
  })

  test('at the same time by several jobs gets its own number each', async () => {
    const jobs = [
      await stage.train({ model: 'race' }),
      await stage.train({ model: 'race' }),
      await stage.train({ model: 'race' }),
    ]
    await Promise.all(jobs.map(({ register }) => register()))
    const versions = await listModelVersions(stage.as('viewer'), { project, model: 'race' })
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1])
    const found = (await listModels(stage.as('viewer'), { project })).find(({ name }) => name === 'race')
    expect(found).toMatchObject({ versions: 3, latest: { version: 3 } })
    ModelVersionSummary.array().parse(versions)
  })
})

describe('approval', () => {
  test('takes another person, for exactly the bytes, once', async () => {
    const { blob, register } = await stage.train()
    const { id } = await register()
    const editor = stage.as('editor')
    const approval = await ask(editor, id)
    expect(approval).toMatchObject({ state: 'requested', digest: blob.sha256 })
    expect((await ask(editor, id)).id).toBe(approval.id)
    await expect(decide(editor, approval.id, blob.sha256)).rejects.toMatchObject({ code: 'forbidden' })
    const deployer = stage.as('deployer')
    await expect(decide(deployer, approval.id, 'a'.repeat(64))).rejects.toMatchObject({
      code: 'stale',
      field: 'digest',
    })
    const settled = await Promise.allSettled([
      decide(deployer, approval.id, blob.sha256),
      decide(stage.as('admin'), approval.id, blob.sha256),
    ])
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(decide(deployer, approval.id, blob.sha256, 'reject')).rejects.toMatchObject({ code: 'conflict' })
    await expect(ask(editor, id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await get(id)).toMatchObject({ stage: 'approved', approvals: [{ state: 'approved' }] })
    const actions = (await listLedger(database.db, { projectId: stage.project.id, limit: 10, targetId: id })).map(
      ({ action }) => action,
    )
    expect(actions).toEqual(['approval.approved', 'approval.requested', 'model.registered'])
  })

  test('is not given by whoever asked, nor by whoever made it, also not through a key of theirs', async () => {
    const author = await stage.another('deployer')
    const { blob, register } = await stage.train()
    const { id } = await register()
    const approval = await ask(author, id)
    await expect(decide(author, approval.id, blob.sha256)).rejects.toMatchObject({ code: 'forbidden' })
    if (author.principal.kind !== 'user') throw new Error('a person')
    const { userId, email } = author.principal
    const its = { kind: 'api_key', keyId: author.newId('key'), userId, name: 'k', email, projectId: null } as const
    const byKey = stage.ctx({ ...its, scopes: ['admin'] })
    await expect(decide(byKey, approval.id, blob.sha256)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await decide(stage.as('deployer'), approval.id, blob.sha256, 'reject')).toMatchObject({ state: 'rejected' })
    expect((await get(id)).stage).toBe('rejected')

    const own = await stage.train({ by: author })
    const asked = await ask(stage.as('editor'), (await own.register()).id)
    await expect(decide(author, asked.id, own.blob.sha256)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is given by the only person of a project, as there is no other', async () => {
    const alone = {
      project: 'digits-b',
      model: 'solo',
      datasetVersionId: await stage.rows(stage.stranger, stage.elsewhere),
    }
    const { sha256 } = await stage.store(linearModel(2, 7), stage.elsewhere.id)
    const wanted = RegisterModelVersion.parse({ ...alone, sha256, idempotencyKey: stage.key() })
    const { id } = await registerModelVersion(stage.stranger, wanted)
    const request = { project: 'digits-b', modelVersionId: id, comment: '', idempotencyKey: stage.key() }
    const approval = await requestApproval(stage.stranger, request)
    const decision = { ...request, approvalId: approval.id, digest: sha256, decision: 'approve' } as const
    expect(await decideApproval(stage.stranger, decision)).toMatchObject({ state: 'approved' })
  })

  test('needs the rights', async () => {
    const { blob, register } = await stage.train()
    const { id } = await register()
    await expect(ask(stage.as('viewer'), id)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(ask(stage.stranger, id)).rejects.toMatchObject({ code: 'not_found' })
    const approval = await ask(stage.as('admin'), id)
    const other = await stage.another('editor')
    await expect(decide(other, approval.id, blob.sha256)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(
      decideApproval(stage.stranger, {
        ...{
          project: 'digits-b',
          approvalId: approval.id,
          digest: blob.sha256,
          comment: '',
          idempotencyKey: stage.key(),
        },
        decision: 'approve',
      }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})

test('a version shows where it serves, and the next one must fit the callers of that endpoint', async () => {
  const { blob, register } = await stage.train({ model: 'served' })
  const { id } = await register()
  const approval = await ask(stage.as('editor'), id)
  await decide(stage.as('deployer'), approval.id, blob.sha256)
  await createEndpoint(stage.as('deployer'), {
    project,
    name: 'served',
    modelVersionId: id,
    idempotencyKey: stage.key(),
  })
  expect((await get(id)).liveOn).toMatchObject([{ endpoint: 'served', variant: 1, role: 'stable' }])
  const wider = await stage.train({ model: 'served', features: 5 })
  expect(failed(await get((await wider.register()).id))).toEqual(['signature', 'dataset_fit'])
})

describe('a file made elsewhere', () => {
  const register = (sha256: string, ctx = stage.as('editor'), more: object = {}) =>
    registerModelVersion(
      ctx,
      RegisterModelVersion.parse({ project, model: 'upload', sha256, idempotencyKey: stage.key(), ...more }),
    )

  test('is registered with what its file says, and cannot pass KPIs that nobody measured', async () => {
    const { sha256 } = await stage.store(linearModel(2, 99))
    const repeated = { idempotencyKey: stage.key(), datasetVersionId }
    const version = await register(sha256, stage.as('editor'), repeated)
    expect((await register(sha256, stage.as('editor'), repeated)).id).toBe(version.id)
    expect(version).toMatchObject({ version: 1, classes: ['no', 'yes'], lineage: { jobId: null, datasetName: 'rows' } })
    expect(failed(version)).toEqual(['kpi:accuracy', 'kpi:p95_latency_ms'])
    const found = await getModelVersion(stage.as('viewer'), { project, model: 'upload', version: 1 })
    expect(found.id).toBe(version.id)
    const unknown = await register(sha256)
    expect(failed(unknown)).toEqual(['kpi:accuracy', 'kpi:p95_latency_ms', 'dataset_quality', 'leakage'])
  })

  test.each([
    ['text', Buffer.from('hello, I am a model')],
    ['a pickle', Buffer.from('80049500', 'hex')],
    ['a cut file', linearModel().subarray(0, 60)],
  ])('%s is refused and leaves no model behind', async (_, bytes) => {
    const { sha256 } = await stage.store(bytes)
    await expect(register(sha256, stage.as('editor'), { model: 'nothing' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(invalid|unsupported)$/),
    })
    expect((await listModels(stage.as('viewer'), { project })).map(({ name }) => name)).not.toContain('nothing')
  })

  test('is read only where the project holds it, with datasets of the project only', async () => {
    const { sha256 } = await stage.store(linearModel(2, 100))
    await expect(register(sha256, stage.as('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(register(sha256, stage.stranger, { project: 'digits-b' })).rejects.toMatchObject({ code: 'not_found' })
    await stage.store(linearModel(2, 100), stage.elsewhere.id)
    await expect(register(sha256, stage.stranger, { project: 'digits-b', datasetVersionId })).rejects.toMatchObject({
      code: 'not_found',
      field: 'datasetVersionId',
    })
    const { id } = await register(sha256)
    await expect(getModelVersion(stage.stranger, { project: 'digits-b', modelVersionId: id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
