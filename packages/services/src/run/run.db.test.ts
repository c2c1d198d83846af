import { MetricSeries, Run } from '@modelyard/contracts'
import {
  appendPoints,
  attachArtifact,
  createRun,
  dropSupersededPoints,
  insertBlobAccess,
  type NewPoint,
  setRunStatus,
} from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actorOf } from '../context.ts'
import { deleteExperiment, restoreExperiment } from '../experiment/change.ts'
import { createExperiment } from '../experiment/create.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { getRun, listRuns } from './read.ts'
import { readSeries } from './series.ts'

let database: TestDatabase
let stage: TestStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

async function newRun(more: { experiment?: string; params?: Record<string, string>; projectId?: string } = {}) {
  const { db, newId, now, principal } = stage.as('editor')
  const id = newId('run')
  const made = await db.transaction((tx) =>
    createRun(tx, {
      id,
      projectId: more.projectId ?? stage.project.id,
      experiment: more.experiment ?? 'default',
      experimentId: newId('exp'),
      name: 'mlp',
      params: more.params ?? {},
      codeCommit: 'abc',
      seed: 3,
      datasetVersionId: null,
      jobId: null,
      createdBy: actorOf(principal),
      now: now(),
    }),
  )
  return made ? id : ''
}
const point = (key: string, step: number, value: number): NewPoint => ({
  key,
  step: BigInt(step),
  value,
  atMs: BigInt(stage.clock.now().getTime()),
})
const append = (runId: string, points: NewPoint[], fence = 1) =>
  database.db.transaction((tx) => appendPoints(tx, { projectId: stage.project.id, runId, points, fence }))
const drop = (args: Parameters<typeof dropSupersededPoints>[1]) =>
  database.db.transaction((tx) => dropSupersededPoints(tx, args))
const series = async (runId: string, keys?: string[]) =>
  MetricSeries.array().parse(await readSeries(stage.as('viewer'), { project: 'digits', runId, keys }))
const get = async (runId: string) => Run.parse(await getRun(stage.as('viewer'), { project: 'digits', runId }))

test('a run keeps its parameters, moves through its states and shows its newest metrics', async () => {
  const runId = await newRun({ params: { 'learning rate': '0.1', __proto__x: "'; drop table run;--" } })
  expect(await get(runId)).toMatchObject({
    status: 'scheduled',
    experiment: 'default',
    params: { 'learning rate': '0.1', __proto__x: "'; drop table run;--" },
    startedAt: null,
    modelVersionId: null,
    seed: 3,
  })
  await setRunStatus(database.db, { runId, status: 'running', now: stage.clock.now() })
  stage.clock.advance(1000)
  await setRunStatus(database.db, { runId, status: 'scheduled', now: stage.clock.now() })
  await setRunStatus(database.db, { runId, status: 'running', now: stage.clock.now() })
  stage.clock.advance(1000)
  await setRunStatus(database.db, { runId, status: 'finished', now: stage.clock.now() })
  const run = await get(runId)
  expect(Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt ?? '')).toBe(2000)
})

test('points keep order and every value, also those that are no numbers', async () => {
  const runId = await newRun()
  await append(runId, [point('loss', 0, 2), point('loss', 1, 1), point('acc', 1, 0.5)])
  await append(runId, [point('loss', 3, Number.NaN), point('loss', 2, Number.POSITIVE_INFINITY)])
  await append(runId, [])
  expect(await series(runId)).toEqual([
    { key: 'acc', points: 1, steps: [1], min: [0.5], max: [0.5], last: [0.5] },
    {
      key: 'loss',
      points: 4,
      steps: [0, 1, 2, 3],
      min: [2, 1, null, null],
      max: [2, 1, null, null],
      last: [2, 1, null, null],
    },
  ])
  expect((await series(runId, ['acc', 'no such'])).map(({ key }) => key)).toEqual(['acc'])
  expect((await get(runId)).metrics).toEqual({ acc: 0.5, loss: null })
  await append(runId, [point('loss', 1, 9)])
  expect((await get(runId)).metrics.loss).toBeNull()
  await append(runId, [point('loss', 4, 0.25)])
  expect((await get(runId)).metrics.loss).toBe(0.25)
})

test('a long series comes in a thousand buckets that keep every extreme', async () => {
  const runId = await newRun()
  const values = Array.from({ length: 25_000 }, (_, step) => Math.sin(step))
  values[12_345] = 1000
  values[20_001] = -1000
  for (let from = 0; from < values.length; from += 5000)
    await append(
      runId,
      values.slice(from, from + 5000).map((value, index) => point('loss', from + index, value)),
    )
  const [loss] = await series(runId)
  expect(loss?.points).toBe(25_000)
  expect(loss?.steps).toHaveLength(1000)
  expect(Math.max(...(loss?.max ?? []).map(Number))).toBe(1000)
  expect(Math.min(...(loss?.min ?? []).map(Number))).toBe(-1000)
  expect(loss?.last.at(-1)).toBe(values.at(-1))
  expect(loss?.steps.at(-1)).toBe(24_999)
})

test('an attempt that logs again doubles nothing', async () => {
  const runId = await newRun()
  await append(runId, [point('loss', 0, 5), point('loss', 1, 4), point('loss', 2, 3), point('old', 0, 1)], 7)
  await append(runId, [point('note', 0, 1)], 0)
  await drop({ runId, beforeFence: 8, fromStep: 1 })
  expect((await series(runId)).map(({ key, points }) => [key, points])).toEqual([
    ['loss', 1],
    ['note', 1],
    ['old', 1],
  ])
  expect((await get(runId)).metrics.loss).toBe(5)
  await drop({ runId, beforeFence: 8 })
  await drop({ runId, beforeFence: 8 })
  expect((await series(runId)).map(({ key }) => key)).toEqual(['note'])
  await append(runId, [point('loss', 0, 5), point('loss', 1, 4)], 8)
  await drop({ runId, beforeFence: 8 })
  expect((await series(runId, ['loss']))[0]).toMatchObject({ points: 2, last: [5, 4] })
})

test('two writers of one run at once lose nothing', async () => {
  const runId = await newRun()
  const batches = Array.from({ length: 8 }, (_, batch) =>
    Array.from({ length: 50 }, (_, index) => point(index % 2 ? 'a' : 'b', batch * 50 + index, batch)),
  )
  await Promise.all(batches.map((points) => append(runId, points)))
  expect((await series(runId)).map(({ key, points, steps }) => [key, points, steps.length])).toEqual([
    ['a', 200, 200],
    ['b', 200, 200],
  ])
})

test('runs are listed newest first, by page, experiment and state', async () => {
  const ids = [
    await newRun({ experiment: 'sweep' }),
    await newRun({ experiment: 'sweep' }),
    await newRun({ experiment: 'sweep' }),
  ]
  const viewer = stage.as('viewer')
  const first = await listRuns(viewer, { project: 'digits', experiment: 'sweep', limit: 2 })
  expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
  const second = await listRuns(viewer, {
    project: 'digits',
    experiment: 'sweep',
    limit: 2,
    cursor: first.nextCursor ?? '',
  })
  expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([[ids[0]], null])
  await setRunStatus(database.db, { runId: ids[0] ?? '', status: 'failed', now: stage.clock.now() })
  const failed = await listRuns(viewer, { project: 'digits', experiment: 'sweep', status: 'failed', limit: 10 })
  expect(failed.items.map(({ id }) => id)).toEqual([ids[0]])
  await expect(listRuns(viewer, { project: 'digits', limit: 1, cursor: "x' or 1=1" })).rejects.toMatchObject({
    code: 'invalid',
    field: 'cursor',
  })
})

test('an artifact stands under its path once; the newest attempt wins', async () => {
  const runId = await newRun()
  const ctx = stage.as('editor')
  for (const text of ['one', 'three']) {
    const blob = await ctx.blobs.put(Buffer.from(text))
    await insertBlobAccess(ctx.db, { projectId: stage.project.id, ...blob, now: ctx.now() })
    const row = { id: ctx.newId('art'), projectId: stage.project.id, ownerId: runId, path: 'model.onnx', kind: 'model' }
    await attachArtifact(ctx.db, { ...row, ...blob, mediaType: 'application/octet-stream', createdAt: ctx.now() })
  }
  expect((await get(runId)).artifacts).toMatchObject([{ path: 'model.onnx', sizeBytes: 5 }])
})

test('a run of another project is not there', async () => {
  const runId = await newRun()
  for (const read of [getRun, readSeries]) {
    await expect(read(stage.stranger, { project: 'digits-b', runId })).rejects.toMatchObject({ code: 'not_found' })
    await expect(read(stage.stranger, { project: 'digits', runId })).rejects.toMatchObject({ code: 'not_found' })
  }
  expect((await listRuns(stage.stranger, { project: 'digits-b', limit: 10 })).items).toEqual([])
})

test('no run is scheduled in a deleted experiment', async () => {
  const editor = stage.as('editor')
  const experiment = await createExperiment(editor, { project: 'digits', name: 'put away' })
  await deleteExperiment(editor, { project: 'digits', experiment })
  expect(await newRun({ experiment: 'put away' })).toBe('')
  await restoreExperiment(editor, { project: 'digits', experiment })
  expect(await newRun({ experiment: 'put away' })).not.toBe('')
})
