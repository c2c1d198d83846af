import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { EvaluationReport, Finish } from '@modelyard/contracts'
import { listLedger, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { fieldsOf, ProtobufWriter } from '@modelyard/inference/onnx/protobuf'
import { ENTRY, GRAPH, MODEL, OPSET, TENSOR } from '@modelyard/inference/onnx/schema'
import { classifier } from '@modelyard/inference/testing/models'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { z } from 'zod'
import { beatRunner } from '../runner/beat.ts'
import { type TestRunner, type TrainingStage, trainingStage } from '../testing/training.ts'
import { appendUpload } from '../upload/append.ts'
import { appendLog } from './append-log.ts'
import { attachAttemptArtifact, beginAttemptUpload, completeAttemptUpload } from './artifacts.ts'
import { cancelJob } from './cancel.ts'
import { finishAttempt } from './finish.ts'
import { getJob } from './list.ts'
import { logMetrics } from './log-metrics.ts'
import { openInput } from './open-input.ts'
import { readLog } from './read-log.ts'
import { reapAttempts } from './reap.ts'

type Report = z.input<typeof Finish>
type Taken = { attemptId: string; jobId: string; fence: number }

let database: TestDatabase
let stage: TrainingStage
let runner: TestRunner
let count = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  stage?.close()
  for (const table of [tables.logChunk, tables.attempt, tables.job, tables.device, tables.machineToken, tables.runner])
    await database.db.delete(table)
  stage = await trainingStage(database.db, { slug: `finish-${++count}` })
  runner = await stage.runner()
})

const model = classifier()

/** A sound model but for weights that lie in another file. */
function withExternalData(): Buffer {
  const location = new ProtobufWriter().text(ENTRY.key, 'location').text(ENTRY.value, '../../etc/passwd')
  const weights = new ProtobufWriter().varint(TENSOR.dims, 4).varint(TENSOR.dataType, 1).text(TENSOR.name, 'V')
  weights.message(TENSOR.externalData, location).varint(TENSOR.dataLocation, 1)
  const graph = [...fieldsOf(model)].find((field) => field.number === MODEL.graph && field.kind === 'bytes')
  if (graph?.kind !== 'bytes') throw new Error('the sound model has no graph')
  const extra = new ProtobufWriter().message(GRAPH.initializer, weights).finish()
  const opset = new ProtobufWriter().text(OPSET.domain, '').varint(OPSET.version, 17)
  const whole = new ProtobufWriter().varint(MODEL.irVersion, 8).bytes(MODEL.graph, Buffer.concat([graph.bytes, extra]))
  return Buffer.from(whole.message(MODEL.opsetImport, opset).finish())
}

const evaluation: EvaluationReport = {
  split: 'test',
  rows: 12,
  accuracy: 1,
  accuracyInterval: [0.76, 1],
  macroF1: 1,
  logLoss: 0.1,
  classes: ['a', 'b', 'c'],
  perClass: [...'abc'].map((label) => ({ label, precision: 1, recall: 1, f1: 1, support: 4 })),
  confusion: [
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ],
  latencyMs: { p50: 1, p95: 2, p99: 3, runs: 10, batchRows: 1 },
}
const result = { model: { file: 'model.onnx', format: 'onnx' }, evaluations: [evaluation], params: {} }

const jobOf = (jobId: string) => getJob(stage.as('viewer'), { project: stage.project.slug, jobId })
const reportOf = (taken: Taken, more: Partial<Report> = {}): z.output<typeof Finish> => ({
  attemptId: taken.attemptId,
  fence: taken.fence,
  outcome: 'succeeded',
  exitCode: 0,
  failClass: null,
  reason: null,
  logBytes: 0,
  nextMetricSeq: 0,
  result,
  ...more,
})

async function handOver(taken: Taken, bytes: Uint8Array, path = 'model.onnx'): Promise<void> {
  const claim = { attemptId: taken.attemptId, fence: taken.fence }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const announced = { ...claim, sha256, sizeBytes: bytes.length, mediaType: 'application/octet-stream' }
  const begun = await beginAttemptUpload(runner.ctx, announced)
  if (begun.state === 'upload') {
    const { uploadId } = begun
    await appendUpload(runner.ctx, { uploadId, offset: 0, body: Readable.from(Buffer.from(bytes)), maxBytes: 1e6 })
    await completeAttemptUpload(runner.ctx, { ...claim, uploadId })
  }
  await attachAttemptArtifact(runner.ctx, { ...claim, path, kind: 'model', sha256 })
}

test('a success registers its model, ends everything at once, and says the same when it is told again', async () => {
  const job = await stage.submit()
  const taken = await runner.take()
  await handOver(taken, model)
  expect(await finishAttempt(runner.ctx, reportOf(taken))).toEqual({ state: 'recorded', jobState: 'succeeded' })
  const ended = await jobOf(job.id)
  expect(ended).toMatchObject({ state: 'succeeded', attemptList: [{ state: 'succeeded', exitCode: 0 }] })
  const versions = await database.db.select().from(tables.modelVersion).where(eq(tables.modelVersion.jobId, job.id))
  expect(versions.map(({ id }) => id)).toEqual([ended.modelVersionId])
  const [run] = await database.db.select().from(tables.run).where(eq(tables.run.id, job.runId))
  expect(run).toMatchObject({ status: 'finished', endedAt: expect.any(Date) })
  expect((await database.db.select().from(tables.device)).filter(({ attemptId }) => attemptId !== null)).toEqual([])
  const before = await listLedger(database.db, { projectId: stage.project.id, limit: 100 })
  expect(before.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['job.submitted', 'model.registered', 'job.succeeded']),
  )
  const again = await Promise.all([1, 2, 3].map(() => finishAttempt(runner.ctx, reportOf(taken))))
  expect(again).toEqual(Array(3).fill({ state: 'already', jobState: 'succeeded' }))
  const told = stage.events.filter(({ kind }) => kind === 'attempt_ended')
  expect(told).toEqual([expect.objectContaining({ jobId: job.id, state: 'succeeded', failClass: null })])
  expect(await listLedger(database.db, { projectId: stage.project.id, limit: 100 })).toHaveLength(before.length)
})

test('finishing at the same time five times is one finish', async () => {
  const job = await stage.submit()
  const taken = await runner.take()
  await handOver(taken, model)
  const answers = await Promise.all(Array.from({ length: 5 }, () => finishAttempt(runner.ctx, reportOf(taken))))
  expect(answers.map(({ state }) => state).sort()).toEqual(['already', 'already', 'already', 'already', 'recorded'])
  expect(
    await database.db.select().from(tables.modelVersion).where(eq(tables.modelVersion.jobId, job.id)),
  ).toHaveLength(1)
})

test('no end without every byte of the log and every batch of metrics', async () => {
  await stage.submit()
  const taken = await runner.take()
  const report = reportOf(taken, { outcome: 'failed', exitCode: 1, logBytes: 5, nextMetricSeq: 1 })
  await expect(finishAttempt(runner.ctx, report)).rejects.toMatchObject({ code: 'gap', details: { next: 0 } })
  const bytes = Buffer.from('hello')
  const log = (offset: number, part: Buffer) => appendLog(runner.ctx, { ...taken, offset, bytes: part })
  expect(await log(3, bytes.subarray(3))).toEqual({ state: 'gap', next: 0 })
  expect(await log(0, bytes)).toEqual({ state: 'ok', size: 5 })
  await expect(finishAttempt(runner.ctx, report)).rejects.toMatchObject({ code: 'gap', field: 'nextMetricSeq' })
  const point = { key: 'loss', step: 1, value: 'NaN' as const, at: '2026-01-01T00:00:00Z' }
  await expect(logMetrics(runner.ctx, { ...taken, seq: 1, points: [point] })).rejects.toMatchObject({ code: 'gap' })
  expect(await logMetrics(runner.ctx, { ...taken, seq: 0, points: [point] })).toEqual({ nextSeq: 1 })
  expect(await logMetrics(runner.ctx, { ...taken, seq: 0, points: [point] })).toEqual({ nextSeq: 1 })
  expect(await finishAttempt(runner.ctx, report)).toEqual({ state: 'recorded', jobState: 'queued' })
  expect(
    await database.db.select().from(tables.metric).where(eq(tables.metric.projectId, stage.project.id)),
  ).toMatchObject([{ key: 'loss', points: 1 }])
  await expect(log(5, bytes)).rejects.toMatchObject({ code: 'fenced' })
})

test.each([
  ['no ONNX', () => Buffer.from('PK\u0003\u0004 a zip'), result, /ZIP|ONNX/i],
  ['weights in another file', withExternalData, result, /external|other file|another file/i],
  ['nothing at all', () => null, result, /was not handed over/],
  ['a result of the wrong shape', () => Buffer.from(model), { model: 'x' }, /result\.json: /],
  [
    'a path out of the folder',
    () => Buffer.from(model),
    { ...result, model: { file: '../model.onnx', format: 'onnx' } },
    /was not handed over/,
  ],
])('%s as the result fails the job for good, with the reason', async (_, make, handed, reason) => {
  const job = await stage.submit()
  const taken = await runner.take()
  const bytes = make()
  if (bytes) await handOver(taken, bytes)
  expect(await finishAttempt(runner.ctx, reportOf(taken, { result: handed }))).toEqual({
    state: 'recorded',
    jobState: 'failed',
  })
  const ended = await jobOf(job.id)
  expect(ended).toMatchObject({ modelVersionId: null, attemptList: [{ state: 'failed', failClass: 'user' }] })
  expect(ended.attemptList[0]?.reason).toMatch(reason)
  expect(await finishAttempt(runner.ctx, reportOf(taken, { result: handed }))).toMatchObject({ state: 'already' })
})

test('a failure is tried again after a pause until the attempts are spent; points of the attempt before make way', async () => {
  const job = await stage.submit({ maxAttempts: 2 })
  const first = await runner.take()
  await logMetrics(runner.ctx, {
    ...first,
    seq: 0,
    points: [{ key: 'loss', step: 1, value: 1, at: '2026-01-01T00:00:00Z' }],
  })
  const failed = { outcome: 'failed', exitCode: 1, reason: 'out of luck' } as const
  await finishAttempt(runner.ctx, reportOf(first, { ...failed, nextMetricSeq: 1 }))
  expect(await jobOf(job.id)).toMatchObject({ state: 'queued' })
  stage.clock.advance(2_100)
  const second = await runner.take()
  const points = await database.db.select().from(tables.metric).where(eq(tables.metric.runId, job.runId))
  expect(points).toEqual([])
  await finishAttempt(runner.ctx, reportOf(second, failed))
  expect(await jobOf(job.id)).toMatchObject({ state: 'failed', attemptList: [{}, { reason: 'out of luck' }] })
})

test('cancel wins over a success that finishes after it', async () => {
  const job = await stage.submit()
  const taken = await runner.take()
  await handOver(taken, model)
  await cancelJob(stage.as('editor'), { project: stage.project.slug, jobId: job.id, idempotencyKey: stage.key() })
  expect(await finishAttempt(runner.ctx, reportOf(taken))).toEqual({ state: 'recorded', jobState: 'canceled' })
  expect(await finishAttempt(runner.ctx, reportOf(taken))).toEqual({ state: 'already', jobState: 'canceled' })
  expect(await jobOf(job.id)).toMatchObject({ modelVersionId: null })
})

async function expectFenced(writes: Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(writes)
  expect(ends).toMatchObject(writes.map(() => ({ status: 'rejected', reason: { code: 'fenced' } })))
}

test('a lost attempt can write nothing any more, and neither can another runner', async () => {
  await stage.submit({ fenceAfterS: 60 })
  const taken = await runner.take()
  const other = await stage.runner({ slots: 0 })
  const writes = (ctx: TestRunner['ctx']) => [
    appendLog(ctx, { ...taken, offset: 0, bytes: Buffer.from('x') }),
    logMetrics(ctx, { ...taken, seq: 0, points: [] }),
    beginAttemptUpload(ctx, { ...taken, sha256: 'a'.repeat(64), sizeBytes: 1, mediaType: 'x/y' }),
    attachAttemptArtifact(ctx, { ...taken, path: 'a', kind: 'b', sha256: 'a'.repeat(64) }),
    finishAttempt(ctx, reportOf(taken)),
    openInput(ctx, { attemptId: taken.attemptId, sha256: 'a'.repeat(64) }),
  ]
  await expectFenced(writes(other.ctx))
  stage.clock.advance(120_000)
  await reapAttempts(stage.system, { bootedAt: new Date(0) })
  await expectFenced(writes(runner.ctx))
})

test('an input is readable for the attempt that reads it, and nothing else is', async () => {
  await stage.submit()
  const taken = await runner.take()
  const [version] = await database.db
    .select()
    .from(tables.datasetVersion)
    .where(eq(tables.datasetVersion.id, stage.datasetVersionId))
  const { read, sizeBytes } = await openInput(runner.ctx, { attemptId: taken.attemptId, sha256: version?.sha256 ?? '' })
  expect(Buffer.concat(await (await read()).toArray()).length).toBe(sizeBytes)
  await expect(openInput(runner.ctx, { attemptId: taken.attemptId, sha256: 'b'.repeat(64) })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('paths that lead elsewhere are refused', async () => {
  await stage.submit()
  const taken = await runner.take()
  for (const path of ['../x', '/etc/passwd', 'a//b', 'a/../b', 'a\\b', 'a\u0000b', './a'])
    await expect(
      attachAttemptArtifact(runner.ctx, { ...taken, path, kind: 'x', sha256: 'a'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'invalid', field: 'path' })
})

test('calls repeated and out of order leave the same end', async () => {
  const chunks = ['one ', 'two ', 'three']
  const offsets = [0, 4, 8]
  const whole = chunks.join('')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 10 }), async (order) => {
      await stage.submit()
      const taken = await runner.take()
      await handOver(taken, model)
      const point = (step: number) => ({ key: 'loss', step, value: step, at: '2026-01-01T00:00:00Z' })
      const report = reportOf(taken, { logBytes: whole.length, nextMetricSeq: 2 })
      const calls = [
        ...chunks.map(
          (chunk, n) => () => appendLog(runner.ctx, { ...taken, offset: offsets[n] ?? 0, bytes: Buffer.from(chunk) }),
        ),
        () => logMetrics(runner.ctx, { ...taken, seq: 0, points: [point(1)] }),
        () => logMetrics(runner.ctx, { ...taken, seq: 1, points: [point(2)] }),
        () => finishAttempt(runner.ctx, report),
      ]
      for (const n of [...order, 0, 1, 2, 3, 4, 5]) await calls[n]?.().catch(() => {})
      for (const n of order) await calls[n]?.().catch(() => {})
      expect(await beatRunner(runner.ctx, { sessionId: `session-${runner.runnerId}`, live: [taken] })).toMatchObject({
        fenced: [taken.attemptId],
      })
      const job = await jobOf(taken.jobId)
      expect(job).toMatchObject({ state: 'succeeded', attemptList: [{ logBytes: whole.length }] })
      const log = await readLog(stage.as('viewer'), {
        project: stage.project.slug,
        jobId: job.id,
        offset: 0,
        limit: 100,
      })
      expect(log).toMatchObject({ text: whole, ended: true })
      const metrics = await database.db.select().from(tables.metric).where(eq(tables.metric.runId, job.runId))
      expect(metrics).toMatchObject([{ key: 'loss', points: 2, lastValue: 2 }])
    }),
    { numRuns: 12 },
  )
})
