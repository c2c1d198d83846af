import { listLedger, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { evaluateStored } from '@modelyard/inference'
import { writeModel } from '@modelyard/inference/onnx/write'
import { and, eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { linearModel, type ModelStage, modelStage } from '../testing/models.ts'
import { type RegistryStage, registryStage } from '../testing/registry.ts'
import { createModel } from './create.ts'
import { decideApproval } from './decide-approval.ts'
import { evaluateModelVersion } from './evaluate.ts'
import { type RunStoredModel, sweepEvaluations } from './evaluate-queued.ts'
import { getModelVersion } from './read.ts'
import { registerFromSource } from './register-from-source.ts'
import { requestApproval } from './request-approval.ts'
import { waiveGate } from './waive-gate.ts'

const project = 'digits'
const kpis = [
  { metric: 'accuracy', op: '>=', target: 0.3 },
  { metric: 'auc', op: '>=', target: 0.4 },
  { metric: 'p95_latency_ms', op: '<=', target: 10_000 },
] as const
let database: TestDatabase
let stage: ModelStage
let logged: RegistryStage
let worker: Ctx
let run: RunStoredModel
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  logged = registryStage(database.db, stage)
  worker = stage.ctx({ kind: 'system', name: 'worker' })
  run = async (sha256, rows) => evaluateStored(await worker.blobs.open(sha256), rows)
  await database.db
    .update(tables.project)
    .set({ kpis: [...kpis] })
    .where(eq(tables.project.id, stage.project.id))
})
beforeEach(async () => {
  await database.db.update(tables.outbox).set({ doneAt: worker.now() }).where(isNull(tables.outbox.doneAt))
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

/** Says "yes" for every row, by softmax over a constant; the test part of the stage's dataset is half "yes". */
const alwaysYes = (salt: number) =>
  writeModel({
    name: 'constant',
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 2] }],
    initializers: [
      { name: 'W', dims: [2, 2], data: new Float32Array(4) },
      { name: 'b', dims: [2], data: new Float32Array([0, 1 + salt / 1000]) },
    ],
    nodes: [
      { op: 'Gemm', inputs: ['x', 'W', 'b'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: { int: -1 } } },
    ],
  })

let count = 0
/** As a client of MLflow registers it: nothing says which data it comes from. */
async function brought(model: Uint8Array | string = alwaysYes(++count)): Promise<string> {
  const path = typeof model === 'string' ? 'm/model.pkl' : 'm/model.onnx'
  const { hex } = await logged.run({ [path]: model }, { accuracy: 0.99 })
  const name = `brought-${++count}`
  await createModel(stage.as('editor'), { project, model: name, description: '' })
  const unsaid = { runId: null, loggedModelId: null, tags: [], runLink: '', description: '' }
  return (await registerFromSource(stage.as('editor'), { project, model: name, source: `runs:/${hex}/m`, ...unsaid }))
    .id
}
const ask = (modelVersionId: string, change: { datasetVersionId?: string; by?: Ctx; key?: string } = {}) =>
  evaluateModelVersion(change.by ?? stage.as('editor'), {
    ...{ project, modelVersionId, datasetVersionId: change.datasetVersionId ?? stage.datasetVersionId },
    idempotencyKey: change.key ?? stage.key(),
  })
const versionOf = (modelVersionId: string) => getModelVersion(stage.as('viewer'), { project, modelVersionId })
const ledgerOf = async (id: string) =>
  (await listLedger(database.db, { projectId: stage.project.id, limit: 10, targetId: id })).map(({ action }) => action)
const outboxOf = async (modelVersionId: string) => {
  const rows = await database.db.select().from(tables.outbox).where(eq(tables.outbox.topic, 'model.evaluate'))
  return rows.filter(({ payload }) => payload.modelVersionId === modelVersionId)
}

test('what a client brought passes its gates by our own evaluation, and can be approved then', async () => {
  const id = await brought()
  expect((await versionOf(id)).gatesPassed).toBe(false)
  const key = stage.key()
  const queued = await ask(id, { key })
  expect(queued).toMatchObject({ modelVersionId: id, datasetVersionId: stage.datasetVersionId })
  expect(await ask(id, { key })).toEqual(queued)
  expect(await ask(id)).toEqual(queued)
  expect(await outboxOf(id)).toHaveLength(1)
  const { datasetVersionId } = stage
  expect((await versionOf(id)).evaluating).toMatchObject({ datasetVersionId, dataset: 'rows', datasetVersion: 1 })
  expect((await versionOf(id)).gates).toContainEqual(expect.objectContaining({ gate: 'leakage', verdict: 'unknown' }))
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 1, failed: 0 })
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 0, failed: 0 })
  const version = await versionOf(id)
  expect(version).toMatchObject({ gatesPassed: true, classes: ['no', 'yes'], evaluating: null })
  expect(version.lineage).toMatchObject({ datasetVersionId: stage.datasetVersionId, datasetName: 'rows' })
  const [report] = version.evaluations
  expect(report).toMatchObject({ split: 'test', rows: 12, accuracy: 0.5, classes: ['no', 'yes'] })
  expect(report?.confusion).toEqual([
    [0, 6],
    [0, 6],
  ])
  expect(report?.logLoss).toBeGreaterThan(0.69)
  // The same answer for every row ranks nothing, and is one bin of the calibration.
  expect(report?.curves?.macro).toMatchObject({ auc: 0.5, averagePrecision: 0.5 })
  expect(report?.curves?.perClass.map(({ label, roc }) => [label, roc[50]])).toEqual([
    ['no', 0.5],
    ['yes', 0.5],
  ])
  expect(report?.calibration?.bins).toMatchObject([{ count: 12, observedRate: 0.5 }])
  expect(version.gates).toContainEqual(expect.objectContaining({ gate: 'kpi:auc', verdict: 'pass', observed: 0.5 }))
  expect(report?.latencyMs.runs).toBe(200)
  expect(await ledgerOf(id)).toEqual(['model.evaluated', 'model.evaluation_asked', 'model.registered'])
  const approval = await requestApproval(stage.as('editor'), {
    ...{ project, modelVersionId: id, comment: '', idempotencyKey: stage.key() },
  })
  await decideApproval(stage.as('deployer'), {
    ...{ project, approvalId: approval.id, digest: approval.digest, decision: 'approve' as const, comment: '' },
    idempotencyKey: stage.key(),
  })
  await expect(ask(id)).rejects.toMatchObject({ code: 'conflict' })
})

test('what cannot work is refused before anything waits, in words', async () => {
  const refusals: [string, RegExp][] = [
    [await brought(linearModel(3, 91)), /rows of shape \[3\], the dataset has 2 columns/],
    [await brought('pickled'), /no ONNX model/],
    [stage.as('editor').newId('mv'), /no model version/],
  ]
  for (const [id, message] of refusals) {
    await expect(ask(id)).rejects.toThrow(message)
    expect(await outboxOf(id)).toEqual([])
  }
  const id = await brought()
  await expect(ask(id, { by: stage.as('viewer') })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(ask(id, { by: stage.stranger })).rejects.toMatchObject({ code: 'not_found' })
  const elsewhere = await stage.rows(stage.stranger, stage.elsewhere)
  await expect(ask(id, { datasetVersionId: elsewhere })).rejects.toMatchObject({ field: 'datasetVersionId' })
})

test('a version stays with the dataset it comes from', async () => {
  const { id } = await (await stage.train({ model: 'tied' })).register()
  const { datasetVersionId } = await ask(id)
  expect(datasetVersionId).toBe(stage.datasetVersionId)
  const { version } = tables.datasetVersion
  const [own] = await database.db
    .select()
    .from(tables.datasetVersion)
    .where(and(eq(tables.datasetVersion.id, stage.datasetVersionId), eq(version, 1)))
  if (!own) throw new Error('the dataset is gone')
  const other = stage.as('editor').newId('dsv')
  await database.db.insert(tables.datasetVersion).values({ ...own, id: other, version: 2 })
  await expect(ask(id, { datasetVersionId: other })).rejects.toThrow('only that one has a test part it has not seen')
})

test('a worker that is killed leaves its work to the next sweep, which gives up at last', async () => {
  const id = await brought()
  await ask(id)
  // As kill -9 leaves it: taken, begun, and nobody at work.
  await new Promise<void>((begun) => {
    void sweepEvaluations(worker, () => {
      begun()
      return new Promise(() => {})
    })
  })
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 0, failed: 0 })
  await database.db
    .update(tables.outbox)
    .set({ availableAt: new Date(0) })
    .where(isNull(tables.outbox.doneAt))
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 1, failed: 0 })
  const other = await brought()
  await ask(other)
  await database.db.update(tables.outbox).set({ attempts: 3 }).where(isNull(tables.outbox.doneAt))
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 0, failed: 1 })
  expect(await ledgerOf(other)).toContain('model.evaluation_failed')
  expect((await versionOf(other)).evaluations).toEqual([])
})

test('a fault is tried again, and a model that does not do what it says is told in the ledger', async () => {
  const id = await brought()
  await ask(id)
  const down: RunStoredModel = () => Promise.reject(new Error('the store does not answer'))
  expect(await sweepEvaluations(worker, down)).toEqual({ evaluated: 0, failed: 1 })
  expect(await outboxOf(id)).toMatchObject([{ attempts: 1, doneAt: null, lastError: expect.stringContaining('store') }])
  await database.db
    .update(tables.outbox)
    .set({ availableAt: new Date(0) })
    .where(isNull(tables.outbox.doneAt))
  const nonsense: RunStoredModel = async () => {
    const values = new Float64Array(24).fill(Number.NaN)
    return { outputs: [{ name: 'probabilities', width: 2, values }], latencyMs: [1], batchRows: 1 }
  }
  expect(await sweepEvaluations(worker, nonsense)).toEqual({ evaluated: 0, failed: 1 })
  expect(await ledgerOf(id)).toEqual(['model.evaluation_failed', 'model.evaluation_asked', 'model.registered'])
  expect(await outboxOf(id)).toMatchObject([{ doneAt: expect.any(Date) }])
  expect(await versionOf(id)).toMatchObject({
    ...{ evaluating: null, evaluationFailure: { why: expect.stringContaining('no number in row 0') } },
  })
  await ask(id)
  expect((await versionOf(id)).evaluationFailure).toBeNull()
  expect(await sweepEvaluations(worker, run)).toEqual({ evaluated: 1, failed: 0 })
  expect((await versionOf(id)).evaluationFailure).toBeNull()
})

test('a waiver outlives an evaluation that finds the same again, and no other', async () => {
  const wants = (target: number) =>
    database.db
      .update(tables.project)
      .set({ kpis: [{ metric: 'accuracy', op: '>=', target }] })
      .where(eq(tables.project.id, stage.project.id))
  const accuracyOf = async (id: string) => (await versionOf(id)).gates.find(({ gate }) => gate === 'kpi:accuracy')
  await wants(0.9)
  const id = await brought()
  await ask(id)
  await sweepEvaluations(worker, run)
  const { sha256: digest } = await versionOf(id)
  const finding = (await accuracyOf(id))?.detail ?? ''
  await waiveGate(stage.as('deployer'), {
    ...{ project, modelVersionId: id, gate: 'kpi:accuracy', digest, finding, reason: 'noisy labels' },
    idempotencyKey: stage.key(),
  })
  await ask(id)
  await sweepEvaluations(worker, run)
  expect(await accuracyOf(id)).toMatchObject({ verdict: 'waived', waiver: { reason: 'noisy labels' } })
  expect((await versionOf(id)).gatesPassed).toBe(true)
  await wants(0.95)
  await ask(id)
  await sweepEvaluations(worker, run)
  expect(await accuracyOf(id)).toMatchObject({ verdict: 'fail', pass: false })
  expect((await versionOf(id)).gatesPassed).toBe(false)
})
