import { ImportLoggedModel, ImportRun } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { readRunRecords } from '../run/record.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { importModel, importModelVersion, recordImport } from './import-registry.ts'
import { importExperiment, importLoggedModel, importRun, sealImport } from './import-runs.ts'
import { listImportFiles, readImportState } from './import-state.ts'
import { idOfImported } from './mark.ts'

let database: TestDatabase
let stage: TestStage
let admin: Ctx
let runId: string
let count = 0
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  admin = stage.as('admin')
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(() => {
  runId = (++count).toString(16).padStart(32, 'f')
})

const base = { project: 'digits', from: 'http://mlflow.example.test' }
const dataset = { name: 'd', digest: 'a1', sourceType: 'code', source: '{}', schema: null, profile: null, tags: [] }
const runOf = (more: object = {}) =>
  ImportRun.parse({
    ...{ ...base, runId, experimentNumber: 0, name: 'old', userName: 'ada', status: 'failed', startedAtMs: 5 },
    ...{ endedAtMs: 9, params: [{ key: 'lr', value: '1' }], tags: [{ key: 'a', value: 'b' }], datasets: [dataset] },
    ...{ modelInputs: [runId], modelOutputs: [{ modelId: runId, step: '9007199254740993' }], ...more },
  })
const sealed = { digest: 'a'.repeat(64), points: 0, files: 0, bytes: 0 }
const seal = (more: object = {}) =>
  sealImport(admin, { ...base, kind: 'run', id: runId, deleted: false, sealed, ...more })
const state = async () => (await readImportState(admin, { ...base, kind: 'run', ids: [runId] }))[0]
const rowOf = async () =>
  (
    await database.db
      .select()
      .from(tables.run)
      .where(eq(tables.run.id, idOfImported('run', runId)))
  )[0]

test('a run comes under its own id and times, and coming again it is what it is there now', async () => {
  await importRun(admin, runOf())
  const times = { startedAt: new Date(5), endedAt: new Date(9), createdAt: new Date(5) }
  expect(await rowOf()).toMatchObject({ name: 'old', status: 'failed', userName: 'ada', ...times })
  const amount = { params: 1, tags: 1, datasets: 1, metrics: 0, points: 0, files: 0, bytes: 0 }
  expect(await state()).toMatchObject({ id: runId, sealed: null, deleted: false, ...amount })
  await seal({ deleted: true })
  expect(await state()).toMatchObject({ sealed, deleted: true, ...amount })
  await importRun(admin, runOf({ name: 'new', params: [{ key: 'depth', value: '' }], tags: [] }))
  expect(await state()).toMatchObject({ sealed: null, deleted: false, params: 1, tags: 0 })
  expect(await rowOf()).toMatchObject({ name: 'new' })
  const { runParam } = tables
  const id = idOfImported('run', runId)
  expect(await database.db.select().from(runParam).where(eq(runParam.runId, id))).toMatchObject([{ key: 'depth' }])
  const [record] = await readRunRecords(database.db, { projectId: stage.project.id, ids: [id] })
  expect(record?.modelInputs.map(({ step }) => step)).toEqual([0n])
  expect(record?.modelOutputs.map(({ step }) => step)).toEqual([9_007_199_254_740_993n])
})

test('an id that is here and did not come from there is refused, in whichever project it is', async () => {
  await importRun(admin, runOf())
  const taken = { code: 'conflict', field: 'id' }
  await expect(importRun(admin, runOf({ from: 'http://another.example.test' }))).rejects.toMatchObject(taken)
  const elsewhere = runOf({ project: stage.elsewhere.slug })
  await expect(importRun(stage.stranger, elsewhere)).rejects.toMatchObject(taken)
  const ofOthers = { ...base, project: stage.elsewhere.slug, kind: 'run' as const, ids: [runId] }
  expect(await readImportState(stage.stranger, ofOthers)).toEqual([])
  await expect(seal({ project: stage.elsewhere.slug })).rejects.toMatchObject({ code: 'not_found' })
  const sealing = { ...base, project: stage.elsewhere.slug, kind: 'run' as const, id: runId, deleted: true, sealed }
  await expect(sealImport(stage.stranger, sealing)).rejects.toMatchObject({ code: 'not_found' })
})

test('a logged model comes with its metrics, once however often it comes', async () => {
  const point = { key: 'f1', value: 'NaN', step: '1', atMs: '2', runId, datasetName: '', datasetDigest: '' }
  const model = ImportLoggedModel.parse({
    ...{ ...base, modelId: runId, experimentNumber: 0, name: 'net', modelType: '', sourceRunId: runId },
    ...{ status: 'ready', statusMessage: null, createdAtMs: 1, updatedAtMs: 2, params: [], tags: [] },
    metrics: [point, { ...point, step: '2', value: 0.5 }],
  })
  await importLoggedModel(admin, model)
  await importLoggedModel(admin, model)
  const asked = { ...base, kind: 'loggedModel' as const }
  expect(await readImportState(admin, { ...asked, ids: [runId] })).toMatchObject([{ metrics: 1, points: 2, tags: 0 }])
  expect(await listImportFiles(admin, { ...asked, id: runId, after: '' })).toEqual([])
  await sealImport(admin, { ...asked, id: runId, deleted: false, sealed })
  expect(await readImportState(admin, { ...asked, ids: [runId] })).toMatchObject([{ sealed }])
})

test('an experiment keeps its times, one of its name takes what comes, and Default is never deleted', async () => {
  const old = { ...base, name: 'old', createdAtMs: 7, updatedAtMs: 8, deleted: true, tags: [{ key: 'a', value: 'b' }] }
  const { number } = await importExperiment(admin, old)
  expect(await importExperiment(admin, { ...old, createdAtMs: 99, deleted: false })).toEqual({ number })
  const ofNumber = (wanted: number) =>
    and(eq(tables.experiment.projectId, stage.project.id), eq(tables.experiment.number, wanted))
  const [row] = await database.db.select().from(tables.experiment).where(ofNumber(number))
  expect(row).toMatchObject({ createdAt: new Date(7), deletedAt: null })
  expect(await importExperiment(admin, { ...old, name: 'Default' })).toEqual({ number: 0 })
  const [kept] = await database.db.select().from(tables.experiment).where(ofNumber(0))
  expect(kept?.deletedAt).toBeNull()
})

test('what stands in no registry here cannot be stamped', async () => {
  const model = { ...base, name: 'none', createdAtMs: 1, updatedAtMs: 2 }
  await expect(importModel(admin, model)).rejects.toMatchObject({ code: 'not_found' })
  const version = { ...model, registeredAs: 1, version: 2, stage: 'None' as const }
  await expect(importModelVersion(admin, version)).rejects.toMatchObject({ code: 'not_found' })
})

test('only an administrator imports, and the ledger says what came and what differs', async () => {
  await expect(importRun(stage.as('deployer'), runOf())).rejects.toMatchObject({ code: 'forbidden' })
  await recordImport(admin, { ...base, counts: { runs: 3, versions: 2 }, differences: ['run a: metric loss'] })
  const [entry] = await database.db
    .select()
    .from(tables.ledgerEntry)
    .where(eq(tables.ledgerEntry.action, 'import.recorded'))
  expect(entry).toMatchObject({ summary: expect.stringContaining('3 runs, 2 versions; 1 differ') })
})
