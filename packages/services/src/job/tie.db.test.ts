import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { enterProject } from '../account/enter.ts'
import { deleteArtifact } from '../artifact/delete.ts'
import { writeArtifact } from '../artifact/write.ts'
import type { Ctx } from '../context.ts'
import { logInputs } from '../input/log-inputs.ts'
import { createLoggedModel } from '../logged-model/create.ts'
import { setLoggedModelTags } from '../logged-model/edit.ts'
import { beatRunner } from '../runner/beat.ts'
import { type TestRunner, type TrainingStage, trainingStage } from '../testing/training.ts'
import { acceptOffer } from './accept.ts'
import { finishAttempt } from './finish.ts'
import { planJobs } from './plan.ts'
import { reapAttempts } from './reap.ts'
import { fenceOfCaller, tieToJobOfCaller } from './tie.ts'

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
  stage = await trainingStage(database.db, { slug: `tie-${++count}` })
  runner = await stage.runner()
})

async function taken() {
  const job = await stage.submit({ codeCommit: 'abc123', seed: 7 })
  await planJobs(stage.system)
  const [offer] = (await runner.poll()).offers
  const accept = () => acceptOffer(runner.ctx, { attemptId: offer?.attemptId ?? '' })
  const { fence, mlflow } = await accept()
  if (!offer || !mlflow) throw new Error('there is no offer or no token')
  return { job, attemptId: offer.attemptId, fence, token: mlflow.token, mlflow, accept }
}
const enter = (token: string) => enterProject(stage.system, { token, login: null, slug: null })
async function inside(token: string): Promise<Ctx> {
  const { principal, scope } = await enter(token)
  return { ...stage.ctx(principal), scope }
}
const failed = {
  outcome: 'failed',
  exitCode: 1,
  failClass: 'user',
  reason: 'no',
  logBytes: 0,
  nextMetricSeq: 0,
} as const

async function makeRun(more: { jobId?: string } = {}): Promise<string> {
  const { newId, now } = stage.system
  const [experiment] = await database.db
    .select()
    .from(tables.experiment)
    .where(eq(tables.experiment.projectId, stage.project.id))
  const row = { id: newId('run'), projectId: stage.project.id, experimentId: experiment?.id ?? '', name: 'a run' }
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  await database.db.insert(tables.run).values({ ...row, ...more, status: 'running', createdBy: by, createdAt: now() })
  return row.id
}

test('an accepted attempt gets a token of which only the hash is kept; asked again it is the same and still works', async () => {
  const { token, mlflow, accept, attemptId, job } = await taken()
  expect(token).toMatch(/^mya_[\w-]{43}$/)
  expect(mlflow).toMatchObject({ runId: expect.stringMatching(/^[0-9a-f]{32}$/), experimentId: expect.any(String) })
  const again = await Promise.all([accept(), accept()])
  expect(again.map((accepted) => accepted.mlflow?.token)).toEqual([token, token])
  const [row] = await database.db.select().from(tables.attempt).where(eq(tables.attempt.id, attemptId))
  expect(row?.tokenSha256).toBe(createHash('sha256').update(token).digest('hex'))
  expect(await enter(token)).toMatchObject({
    principal: { kind: 'attempt', attemptId, jobId: job.id, runId: job.runId },
    scope: { project: { slug: stage.project.slug } },
  })
  const other = { token, login: null, slug: stage.elsewhere.slug }
  await expect(enterProject(stage.system, other)).rejects.toMatchObject({ code: 'not_found' })
})

test('the token dies with its attempt, and the next attempt has another', async () => {
  const first = await taken()
  const late = await inside(first.token)
  await finishAttempt(runner.ctx, { ...failed, attemptId: first.attemptId, fence: first.fence })
  await expect(enter(first.token)).rejects.toMatchObject({ code: 'unauthenticated' })
  // What the door let in before is stopped by the fence.
  await expect(fenceOfCaller(late, database.db)).rejects.toMatchObject({ code: 'fenced' })
  const input = { project: stage.project.slug, runId: first.job.runId, datasets: [], modelIds: [] }
  await expect(logInputs(late, input)).rejects.toMatchObject({ code: 'fenced' })
  const place = { project: input.project, owner: { kind: 'run' as const, id: input.runId }, path: 'model.onnx' }
  const stored = writeArtifact(late, { ...place, body: Readable.from([Buffer.from('a body under way')]) })
  await expect(stored).rejects.toMatchObject({ code: 'fenced' })
  await expect(deleteArtifact(late, place)).rejects.toMatchObject({ code: 'fenced' })
  stage.clock.advance(60_000)
  await planJobs(stage.system)
  const [offer] = (await runner.poll()).offers
  const second = await acceptOffer(runner.ctx, { attemptId: offer?.attemptId ?? '' })
  expect(second.mlflow?.token).not.toBe(first.token)
  expect(await fenceOfCaller(await inside(second.mlflow?.token ?? ''), database.db)).toBe(second.fence)
})

test('an attempt that was lost is outside at once, whatever its process still believes', async () => {
  const { token, attemptId, fence } = await taken()
  stage.clock.advance(700_000)
  await reapAttempts(stage.system, { bootedAt: new Date(0) })
  await expect(enter(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  const live = [{ attemptId, fence }]
  expect(await beatRunner(runner.ctx, { sessionId: `session-${runner.runnerId}`, live })).toMatchObject({
    fenced: [attemptId],
  })
})

test('it writes to the runs of its job and to no other', async () => {
  const { token, job } = await taken()
  const ctx = await inside(token)
  const input = (runId: string) => ({ project: stage.project.slug, runId, datasets: [], modelIds: [] })
  await logInputs(ctx, input(job.runId))
  await logInputs(ctx, input(await makeRun({ jobId: job.id })))
  const other = await makeRun()
  await expect(logInputs(ctx, input(other))).rejects.toMatchObject({ code: 'forbidden' })
  const file = { project: stage.project.slug, path: 'x', body: Readable.from([Buffer.from('bytes')]) }
  expect(await writeArtifact(ctx, { ...file, owner: { kind: 'run', id: job.runId } })).toMatchObject({ sizeBytes: 5 })
  const model = { project: stage.project.slug, experimentNumber: 0, modelType: '', params: [], tags: [] }
  const own = await createLoggedModel(ctx, { ...model, sourceRunId: job.runId })
  await expect(createLoggedModel(ctx, { ...model, sourceRunId: other })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(createLoggedModel(ctx, { ...model, sourceRunId: null })).rejects.toMatchObject({ code: 'forbidden' })
  const theirs = await createLoggedModel(stage.as('editor'), { ...model, sourceRunId: other })
  const tags = [{ key: 'a', value: 'b' }]
  await setLoggedModelTags(ctx, { project: stage.project.slug, id: own.id, tags })
  await expect(setLoggedModelTags(ctx, { project: stage.project.slug, id: theirs.id, tags })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('a run that it makes gets the job, its code, its seed and what it reads', async () => {
  const { token, job } = await taken()
  const ctx = await inside(token)
  const runId = await makeRun()
  for (let twice = 0; twice < 2; twice++) await database.db.transaction((tx) => tieToJobOfCaller(ctx, tx, runId))
  const [run] = await database.db.select().from(tables.run).where(eq(tables.run.id, runId))
  expect(run).toMatchObject({ jobId: job.id, codeCommit: 'abc123', seed: 7 })
  const read = await database.db.select().from(tables.runInput).where(eq(tables.runInput.runId, runId))
  expect(read).toMatchObject([{ datasetVersionId: stage.datasetVersionId, context: 'training' }])
  const logged = await database.db.select().from(tables.runDataset).where(eq(tables.runDataset.runId, runId))
  expect(logged).toHaveLength(1)
})
