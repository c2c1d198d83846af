import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tables } from '@modelyard/db'
import { cancelJob, getModelVersion, readLog } from '@modelyard/services'
import { installContext, withSpan } from '@modelyard/telemetry'
import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Handle } from './attempt/folder.ts'
import { readJson } from './disk.ts'
import { isAlive, ProcessIdentity } from './processes.ts'
import { LOG, openYard, STEPS, until, type Yard } from './testing/yard.ts'

let yard: Yard
let agent: ChildProcess | null = null
beforeAll(async () => {
  yard = await openYard()
}, 60_000)
afterEach(async () => {
  await stop(agent, 'SIGTERM')
  agent = null
})
afterAll(() => yard.close())

async function stop(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}
const folders = () => readdirSync(join(yard.dir, 'runner/attempts'))
const trainerOf = (attemptId: string) =>
  readJson(join(yard.dir, 'runner/attempts', attemptId, 'trainer.json'), ProcessIdentity)
const logOf = (jobId: string) => readLog(yard.admin, { project: yard.project, jobId, offset: 0, limit: 100_000 })
const someLog = (jobId: string) =>
  until('some log', async () => ((await logOf(jobId)).totalBytes > 20 ? logOf(jobId) : null))

/** Every point of the run, by step. */
async function stepsOf(runId: string): Promise<number[]> {
  const { metric, metricPoint } = tables
  const rows = await yard.database.db
    .select({ step: metricPoint.step })
    .from(metricPoint)
    .innerJoin(metric, eq(metricPoint.metricId, metric.id))
    .where(and(eq(metric.runId, runId), eq(metric.key, 'loss')))
  return rows.map(({ step }) => Number(step)).sort((left, right) => left - right)
}
const allSteps = Array.from({ length: STEPS }, (_, step) => step + 1)

test('an agent and an api killed in the middle of training find their work again: one attempt, every byte and point once', async () => {
  agent = yard.startAgent()
  const job = await yard.submit()
  await someLog(job.id)
  await stop(agent, 'SIGKILL')
  await sleep(700)
  agent = yard.startAgent()
  // And the control plane is gone for a moment, as if that were not enough.
  await stop(yard.api(), 'SIGKILL')
  await sleep(500)
  await yard.startApi()
  const ended = await yard.ended(job.id)
  expect(ended).toMatchObject({ state: 'succeeded', attemptList: [{ state: 'succeeded', exitCode: 0 }] })
  expect(await logOf(job.id)).toMatchObject({ text: LOG, ended: true })
  expect(await stepsOf(job.runId)).toEqual(allSteps)
  expect(ended.modelVersionId).not.toBeNull()
  await until('an empty folder', async () => folders().length === 0)
  expect(statSync(join(yard.dir, 'runner/runner.json')).mode & 0o777).toBe(0o600)
}, 60_000)

test('training that ended while no agent was there is told by the next one', async () => {
  agent = yard.startAgent()
  const job = await yard.submit()
  await someLog(job.id)
  await stop(agent, 'SIGKILL')
  const [attemptId = ''] = folders()
  await until('the end of training', async () =>
    readdirSync(join(yard.dir, 'runner/attempts', attemptId)).includes('exit.json'),
  )
  agent = yard.startAgent()
  expect(await yard.ended(job.id)).toMatchObject({ state: 'succeeded', attemptList: [{ state: 'succeeded' }] })
  expect(await logOf(job.id)).toMatchObject({ text: LOG })
  expect(await stepsOf(job.runId)).toEqual(allSteps)
}, 60_000)

test('a supervisor that is killed costs the job one restart, and its points are not doubled', async () => {
  agent = yard.startAgent()
  const job = await yard.submit()
  await someLog(job.id)
  const [attemptId = ''] = folders()
  const trainer = trainerOf(attemptId)
  const handle = readJson(join(yard.dir, 'runner/attempts', attemptId, 'handle.json'), Handle)
  process.kill(handle?.supervisor.pid ?? 0, 'SIGKILL')
  const ended = await yard.ended(job.id)
  expect(ended).toMatchObject({
    state: 'succeeded',
    attemptList: [{ state: 'failed', failClass: 'infra' }, { state: 'succeeded' }],
  })
  expect(trainer && isAlive(trainer)).toBe(false)
  expect(await stepsOf(job.runId)).toEqual(allSteps)
}, 60_000)

test('cancel ends the training process', async () => {
  agent = yard.startAgent()
  const job = await yard.submit()
  await someLog(job.id)
  const [attemptId = ''] = folders()
  const trainer = trainerOf(attemptId)
  await cancelJob(yard.admin, { project: yard.project, jobId: job.id, idempotencyKey: 'cancel-this-job' })
  expect(await yard.ended(job.id)).toMatchObject({ state: 'canceled', attemptList: [{ state: 'canceled' }] })
  expect(trainer && isAlive(trainer)).toBe(false)
}, 60_000)

test('an agent that is told to leave stops its work in time, gives the job back and leaves no process', async () => {
  agent = yard.startAgent()
  const job = await yard.submit()
  await someLog(job.id)
  const [attemptId = ''] = folders()
  const trainer = trainerOf(attemptId)
  const started = performance.now()
  await stop(agent, 'SIGTERM')
  expect(performance.now() - started).toBeLessThan(7_000)
  expect(trainer && isAlive(trainer)).toBe(false)
  expect(await yard.job(job.id)).toMatchObject({ state: 'queued', attemptList: [{ state: 'preempted' }] })
  agent = yard.startAgent()
  expect(await yard.ended(job.id)).toMatchObject({ state: 'succeeded' })
  expect(await logOf(job.id)).toMatchObject({ text: LOG })
}, 60_000)

test('the recipe for tables trains, and its model is registered with what the file says', async () => {
  agent = yard.startAgent()
  const params = { hidden: 4, epochs: 30 }
  installContext()
  const { job, traceId } = await withSpan('submit', {}, async (span) => ({
    job: await yard.submit({ recipe: 'tabular-mlp', params, model: 'shapes' }),
    traceId: span.spanContext().traceId,
  }))
  const ended = await yard.ended(job.id)
  expect(ended).toMatchObject({ state: 'succeeded' })
  const version = await getModelVersion(yard.admin, {
    project: yard.project,
    modelVersionId: ended.modelVersionId ?? '',
  })
  expect(version.signature?.inputs).toMatchObject([{ name: 'input', shape: ['N', 2] }])
  expect(version.classes).toEqual(['a', 'b', 'c'])
  // One trace from the call that submitted it into the training program.
  expect((await logOf(job.id)).text).toContain(`trace ${traceId}\n`)
  expect(version.evaluations.map(({ split }) => split).sort()).toEqual(['test', 'validation'])
  const bad = await yard.submit({ recipe: 'tabular-mlp', params: { hiden: 4 }, maxAttempts: 1 })
  const failed = await yard.ended(bad.id)
  expect(failed).toMatchObject({ state: 'failed', attemptList: [{ failClass: 'user', exitCode: 1 }] })
  expect(failed.attemptList[0]?.reason).toContain('this recipe has no parameter "hiden"')
  expect(readFileSync(join(yard.dir, 'runner/runner.json'), 'utf8')).toContain('myr_')
}, 60_000)
