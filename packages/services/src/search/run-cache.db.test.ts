import { ImportRun } from '@modelyard/contracts'
import { appendPoints, type Db, dropSupersededPoints, type RunText, setRunStatus, tieRun } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteExperiment, restoreExperiment } from '../experiment/change.ts'
import { importRun, sealImport } from '../import/import-runs.ts'
import { idOfImported } from '../import/mark.ts'
import { logInputs, logOutputs } from '../input/log-inputs.ts'
import { logModelOfRun } from '../input/log-model.ts'
import { createLoggedModel } from '../logged-model/create.ts'
import { deleteRun, deleteRunTag, restoreRun, updateRun } from '../run/change.ts'
import { createRun } from '../run/create.ts'
import { logBatch } from '../run/log-batch.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { runSeeder } from '../testing/runs.ts'
import { textOfParts } from './packed.ts'
import { searchRunTexts } from './runs.ts'

let database: TestDatabase
let stage: TestStage
let number: number
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  number = (await runSeeder(stage).experimentNamed('kept')).number
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const project = 'digits'
const imported = 'f'.repeat(32)
const from = 'http://mlflow.example.test'

/** What every run shows; without `kept` nothing is answered from what was read before. */
async function shown({ kept }: { kept: boolean }): Promise<string[]> {
  const { runCache, ...ctx } = stage.as('viewer')
  // What a revision counts shows nowhere.
  const write = ({ revision: _revision, ...run }: RunText) => JSON.stringify(run)
  const { items } = await searchRunTexts(
    { ...ctx, ...(kept && runCache ? { runCache } : {}) },
    { project, experiments: [0, number], view: 'all', orderBy: ['run_id ASC'], limit: 100 },
    write,
  )
  return items.map(({ text }) => textOfParts([text]).toString())
}

const inTransaction = (work: (tx: Db) => Promise<unknown>) => database.db.transaction(work)
const importing = (name: string) =>
  ImportRun.parse({
    ...{ project, from, runId: imported, experimentNumber: number, name, userName: 'ada', status: 'finished' },
    ...{ startedAtMs: 5, endedAtMs: 9, params: [], tags: [], datasets: [], modelInputs: [], modelOutputs: [] },
  })

test('whatever changes a run, what a search keeps of it is what a search reads', async () => {
  const editor = stage.as('editor')
  const admin = stage.as('admin')
  const { id: runId } = await createRun(editor, { project, experiment: number, name: 'a' })
  const ref = { project, runId }
  const made = { project, experimentNumber: number, modelType: '', sourceRunId: runId, params: [], tags: [] }
  const { id: modelId } = await createLoggedModel(editor, made)
  const dataset = { name: 'd', digest: 'a1', sourceType: 'local', source: '{}', schema: null, profile: null, tags: [] }
  const described = { ...dataset, id: editor.newId('lds'), digest: 'b2', datasetVersionId: null, context: null }
  const now = stage.clock.now()
  const point = (step: bigint) => ({ key: 'loss', step, value: Number(step), atMs: 1n })
  const append = (fence: number, step: bigint) =>
    inTransaction((tx) =>
      appendPoints(tx, { projectId: stage.project.id, runId, points: [{ ...point(step), key: 'acc' }], fence }),
    )
  const tied = { runId, jobId: 'job_x', codeCommit: 'abc', seed: 7, dataset: described, now }
  const sealed = { digest: 'a'.repeat(64), points: 0, files: 0, bytes: 0 }
  const changes: Record<string, () => Promise<unknown>> = {
    'a new metric': () => logBatch(editor, { ...ref, metrics: [point(1n)] }),
    'a newer value': () => logBatch(editor, { ...ref, metrics: [point(2n)] }),
    'a parameter': () => logBatch(editor, { ...ref, params: [{ key: 'lr', value: '1' }] }),
    'a tag': () => logBatch(editor, { ...ref, tags: [{ key: 'team', value: 'a' }] }),
    'another value of a tag': () => logBatch(editor, { ...ref, tags: [{ key: 'team', value: 'b' }] }),
    'the name as a tag': () => logBatch(editor, { ...ref, tags: [{ key: 'mlflow.runName', value: 'b' }] }),
    'a tag that is gone': () => deleteRunTag(editor, { ...ref, key: 'team' }),
    'a state and a name': () => updateRun(editor, { ...ref, status: 'finished', name: 'c' }),
    'a dataset': () => logInputs(editor, { ...ref, datasets: [dataset], modelIds: [] }),
    'a model that it read': () => logInputs(editor, { ...ref, datasets: [], modelIds: [modelId] }),
    'a model that it wrote': () => logOutputs(editor, { ...ref, models: [{ id: modelId, step: 3n }] }),
    'a model of MLflow 2': () => logModelOfRun(editor, { ...ref, model: { model_uuid: 'x' } }),
    'a second one': () => logModelOfRun(editor, { ...ref, model: { model_uuid: 'y' } }),
    deleted: () => deleteRun(editor, ref),
    restored: () => restoreRun(editor, ref),
    'deleted with its experiment': () => deleteExperiment(editor, { project, experiment: number }),
    'restored with its experiment': () => restoreExperiment(editor, { project, experiment: number }),
    'points of an attempt': () => append(2, 1n),
    'points of one before it that come late': () => append(1, 9n),
    'those dropped': () => inTransaction((tx) => dropSupersededPoints(tx, { runId, beforeFence: 2 })),
    'moved by its job': () => setRunStatus(database.db, { runId, status: 'running', now }),
    'tied to a job': () => inTransaction((tx) => tieRun(tx, tied)),
    imported: () => importRun(admin, importing('old')),
    'imported again': () => importRun(admin, importing('new')),
    'points of an import': () =>
      logBatch(editor, { project, runId: idOfImported('run', imported), metrics: [point(1n)] }),
    'the seal of an import': () =>
      sealImport(admin, { project, from, kind: 'run', id: imported, deleted: true, sealed }),
  }
  let before = await shown({ kept: true })
  for (const [what, change] of Object.entries(changes)) {
    await change()
    const fresh = await shown({ kept: false })
    expect(fresh, `${what} shows`).not.toEqual(before)
    expect(await shown({ kept: true }), what).toEqual(fresh)
    before = fresh
  }
})

test('a run that did not change is written once', async () => {
  const ctx = stage.as('viewer')
  const written: string[] = []
  const search = () =>
    searchRunTexts(ctx, { project, experiments: [other], limit: 10 }, ({ name, revision }) => {
      written.push(`${name} ${revision}`)
      return name
    })
  const { number: other } = await runSeeder(stage).experimentNamed('once')
  const { id: runId } = await createRun(stage.as('editor'), { project, experiment: other, name: 'x' })
  await createRun(stage.as('editor'), { project, experiment: other, name: 'y' })
  await search()
  await search()
  await logBatch(stage.as('editor'), { project, runId, tags: [{ key: 'a', value: '1' }] })
  await search()
  expect(written.toSorted()).toEqual(['x 0', 'x 1', 'y 0'])
})
