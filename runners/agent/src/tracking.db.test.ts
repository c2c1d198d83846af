import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tables } from '@modelyard/db'
import { hexOfId } from '@modelyard/domain'
import { readLog, readRunRecords } from '@modelyard/services'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openYard, type Yard } from './testing/yard.ts'

let yard: Yard
beforeAll(async () => {
  yard = await openYard()
  writeRecipe(join(yard.dir, 'recipes'))
}, 60_000)
afterAll(() => yard.close())

/** A training program that knows nothing but what MLflow's own clients read from their environment. */
const PROGRAM = `#!/usr/bin/env node
const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token, MLFLOW_RUN_ID: run_id, MLFLOW_EXPERIMENT_ID: experiment_id } = process.env
const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' }
const post = async (path, body) => {
  const response = await fetch(uri + '/api/2.0/mlflow/' + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, ...(await response.json()) }
}
const must = async (path, body) => {
  const answer = await post(path, body)
  if (answer.status !== 200) throw new Error(path + ': ' + JSON.stringify(answer))
  return answer
}
async function main() {
  console.log('my token is ' + token + ', really')
  const timestamp = 1700000000000
  const metrics = Array.from({ length: 50 }, (_, step) => ({ key: 'client_loss', value: 1 / (step + 1), timestamp, step }))
  await must('runs/log-batch', { run_id, metrics, params: [{ key: 'lr', value: '0.1' }], tags: [{ key: 'by', value: 'client' }] })
  const tags = [{ key: 'mlflow.parentRunId', value: run_id }]
  const { run } = await must('runs/create', { experiment_id, run_name: 'nested', start_time: timestamp, tags })
  await must('runs/log-metric', { run_id: run.info.run_id, key: 'f1', value: 0.5, timestamp })
  const { model } = await must('logged-models', { experiment_id, name: 'net', source_run_id: run_id })
  await must('runs/outputs', { run_id, models: [{ model_id: model.info.model_id, step: 0 }] })
  const put = await fetch(uri + '/api/2.0/mlflow-artifacts/artifacts/' + experiment_id + '/' + run_id + '/artifacts/net/MLmodel', { method: 'PUT', headers, body: 'text' })
  if (!put.ok) throw new Error('artifact: ' + put.status)
  await must('registered-models/create', { name: 'by-client' })
  await must('model-versions/create', { name: 'by-client', source: 'runs:/' + run_id + '/net', run_id })
  const other = require('node:fs').readFileSync('../../../../other-run', 'utf8')
  console.log('another run: ' + (await post('runs/set-tag', { run_id: other, key: 'a', value: 'b' })).status)
  console.log('another project: ' + (await fetch(uri + '/projects/elsewhere/api/2.0/mlflow/runs/get?run_id=' + run_id, { headers })).status)
}
main().then(() => {
  for (const name of ['model.onnx', 'result.json']) require('node:fs').copyFileSync(require('node:path').join(__dirname, 'run.d', name), 'outputs/' + name)
})
`

function writeRecipe(recipes: string): void {
  const recipe = join(recipes, 'logs-itself')
  mkdirSync(recipe)
  cpSync(join(recipes, 'slow-steps/run.d'), join(recipe, 'run.d'), { recursive: true })
  writeFileSync(join(recipe, 'run'), PROGRAM)
  chmodSync(join(recipe, 'run'), 0o755)
}

test('a training program logs over MLflow to the run of its job, and what it makes is tied to the job', async () => {
  const waiting = await yard.submit({ recipe: 'nobody-has-this' })
  writeFileSync(join(yard.dir, 'other-run'), hexOfId(waiting.runId))
  yard.startAgent()
  const job = await yard.submit({ recipe: 'logs-itself', codeCommit: 'abc123', seed: 5, maxAttempts: 1 })
  const ended = await yard.ended(job.id)
  const { text } = await readLog(yard.admin, { project: yard.project, jobId: job.id, offset: 0, limit: 100_000 })
  expect(ended, text).toMatchObject({ state: 'succeeded' })
  expect(text).toContain('another run: 403\n')
  expect(text).toContain('another project: 404\n')
  expect(text).toMatch(/my token is \*{47}, really\n/)
  const { db } = yard.database
  const [row] = await db.select().from(tables.run).where(eq(tables.run.id, job.runId))
  const nestedOnes = and(eq(tables.run.jobId, job.id), eq(tables.run.name, 'nested'))
  const [nested] = await db.select().from(tables.run).where(nestedOnes)
  const ids = [job.runId, nested?.id ?? '']
  const [own, inner] = await readRunRecords(db, { projectId: row?.projectId ?? '', ids })
  expect(own).toMatchObject({
    jobId: job.id,
    status: 'finished',
    datasets: [{ name: 'shapes', datasetVersionId: job.datasetVersionId }],
    modelOutputs: [{ step: 0n }],
  })
  expect(own?.params).toContainEqual({ key: 'lr', value: '0.1' })
  expect(own?.tags).toContainEqual({ key: 'by', value: 'client' })
  expect(own?.metrics).toMatchObject([{ key: 'client_loss', step: 49n }])
  expect(inner).toMatchObject({
    ...{ jobId: job.id, codeCommit: 'abc123', seed: 5, metrics: [{ key: 'f1', value: 0.5 }] },
    datasetVersions: [{ id: job.datasetVersionId, context: 'training' }],
  })
  const points = await db
    .selectDistinct({ fence: tables.metricPoint.fence })
    .from(tables.metricPoint)
    .innerJoin(tables.metric, eq(tables.metricPoint.metricId, tables.metric.id))
    .where(eq(tables.metric.runId, job.runId))
  expect(points).toEqual([{ fence: expect.any(Number) }])
  expect(points[0]?.fence).toBeGreaterThan(0)
  const versions = await db.select().from(tables.modelVersion).where(eq(tables.modelVersion.runId, job.runId))
  expect(versions.map(({ format }) => format).sort()).toEqual(['onnx', 'opaque'])
  const files = await db.select().from(tables.artifact).where(eq(tables.artifact.ownerId, job.runId))
  expect(files.map(({ path }) => path).sort()).toEqual(['model.onnx', 'net/MLmodel', 'result.json'])
}, 60_000)
