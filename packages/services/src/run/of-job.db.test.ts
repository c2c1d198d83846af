import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterProject } from '../account/enter.ts'
import type { Ctx } from '../context.ts'
import { deleteExperiment, setExperimentTag } from '../experiment/change.ts'
import { createExperiment } from '../experiment/create.ts'
import { acceptOffer } from '../job/accept.ts'
import { planJobs } from '../job/plan.ts'
import { type TrainingStage, trainingStage } from '../testing/training.ts'
import { deleteRun, updateRun } from './change.ts'
import { createRun } from './create.ts'
import { logBatch } from './log-batch.ts'

let database: TestDatabase
let stage: TrainingStage
let training: Ctx
let job: Awaited<ReturnType<TrainingStage['submit']>>
let fence: number
beforeAll(async () => {
  database = await testDatabase()
  stage = await trainingStage(database.db)
  const runner = await stage.runner()
  job = await stage.submit({ codeCommit: 'abc123', seed: 7 })
  await planJobs(stage.system)
  const [offer] = (await runner.poll()).offers
  const accepted = await acceptOffer(runner.ctx, { attemptId: offer?.attemptId ?? '' })
  fence = accepted.fence
  const entry = { token: accepted.mlflow?.token ?? '', login: null, slug: null }
  const { principal, scope } = await enterProject(stage.system, entry)
  training = { ...stage.ctx(principal), scope }
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const project = 'digits'
const metrics = [{ key: 'loss', step: 0n, atMs: 1n, value: 1 }]

test('a run begun inside a job is tied to it, its code, its seed and what it reads', async () => {
  const run = await createRun(training, { project, experiment: 0 })
  expect(run).toMatchObject({ jobId: job.id, codeCommit: 'abc123', seed: 7 })
  expect(run.datasetVersions).toMatchObject([{ id: stage.datasetVersionId }])
  await logBatch(training, { project, runId: run.id, metrics })
  await updateRun(training, { project, runId: run.id, status: 'finished' })
})

test("its process logs to the job's run, under the fence of its attempt", async () => {
  await logBatch(training, { project, runId: job.runId, metrics })
  const { metric, metricPoint } = tables
  const points = await database.db
    .select({ fence: metricPoint.fence })
    .from(metricPoint)
    .innerJoin(metric, and(eq(metric.id, metricPoint.metricId), eq(metric.runId, job.runId)))
  expect(points).toEqual([{ fence }])
})

test('it writes to no run of others, and puts no experiment away', async () => {
  const { id: runId } = await createRun(stage.as('editor'), { project, experiment: 0 })
  const forbidden = { code: 'forbidden' }
  await expect(logBatch(training, { project, runId, metrics })).rejects.toMatchObject(forbidden)
  await expect(updateRun(training, { project, runId, name: 'mine' })).rejects.toMatchObject(forbidden)
  await expect(deleteRun(training, { project, runId })).rejects.toMatchObject(forbidden)
  const experiment = await createExperiment(training, { project, name: 'from a job' })
  await setExperimentTag(training, { project, experiment, key: 'a', value: '1' })
  await expect(deleteExperiment(training, { project, experiment })).rejects.toMatchObject(forbidden)
})
