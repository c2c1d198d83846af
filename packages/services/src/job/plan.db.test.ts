import { RunnerFacts } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { authenticateToken } from '../account/authenticate.ts'
import { beatRunner } from '../runner/beat.ts'
import { createEnrolToken, enrolRunner } from '../runner/enrol.ts'
import { helloRunner } from '../runner/hello.ts'
import { listRunners } from '../runner/list.ts'
import { factsOf, gpuOf, type TrainingStage, trainingStage } from '../testing/training.ts'
import { acceptOffer, rejectOffer } from './accept.ts'
import { cancelJob } from './cancel.ts'
import { getJob, listJobs } from './list.ts'
import { planJobs } from './plan.ts'
import { reapAttempts } from './reap.ts'

const HOUR = 3_600_000
let database: TestDatabase
let stage: TrainingStage
let count = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
// A fresh project and an empty fleet for each test; the database stays.
beforeEach(async () => {
  stage?.close()
  for (const table of [tables.logChunk, tables.attempt, tables.job, tables.device, tables.machineToken, tables.runner])
    await database.db.delete(table)
  stage = await trainingStage(database.db, { slug: `plan-${++count}` })
})

const jobOf = (jobId: string) => getJob(stage.as('viewer'), { project: stage.project.slug, jobId })
const bootedLongAgo = () => ({ bootedAt: new Date(stage.system.now().getTime() - HOUR) })

test('a job goes to a runner that has its recipe, and says why it waits until then', async () => {
  const job = await stage.submit()
  await planJobs(stage.system)
  expect((await jobOf(job.id)).whyWaiting).toMatchObject({ code: 'no_runner', message: 'no runner is enrolled' })
  await stage.runner({ recipes: ['another'] })
  await planJobs(stage.system)
  expect((await jobOf(job.id)).whyWaiting).toMatchObject({ code: 'recipe' })
  const runner = await stage.runner()
  stage.clock.advance(1_500)
  expect(await planJobs(stage.system)).toEqual({ offered: 1 })
  expect(stage.events).toEqual([
    expect.objectContaining({ kind: 'job_placed', jobId: job.id, runnerId: runner.runnerId, waitedMs: 1_500 }),
  ])
  expect((await runner.poll()).offers).toMatchObject([{ jobId: job.id, recipe: 'tabular-mlp' }])
  expect(await jobOf(job.id)).toMatchObject({ state: 'active', whyWaiting: null, attemptList: [{ state: 'offered' }] })
  const second = await stage.submit()
  await planJobs(stage.system)
  const { items } = await listJobs(stage.as('viewer'), { project: stage.project.slug, limit: 10 })
  expect(items.map(({ id, whyWaiting }) => [id, whyWaiting?.code ?? null])).toEqual([
    [second.id, 'busy'],
    [job.id, null],
  ])
})

test('parallel planners give no slot and no device twice', async () => {
  await stage.runner({ slots: 2 })
  await stage.runner({ slots: 1, devices: [gpuOf(0), gpuOf(1), gpuOf(2)] })
  for (let n = 0; n < 6; n++) await stage.submit({ gpus: 0 })
  for (let n = 0; n < 4; n++) await stage.submit({ gpus: 1 })
  const rounds = await Promise.all(Array.from({ length: 6 }, () => planJobs(stage.system)))
  expect(rounds.reduce((sum, { offered }) => sum + offered, 0)).toBe(6)
  const live = await database.db.select().from(tables.attempt).where(isNull(tables.attempt.endedAt))
  const owned = (await database.db.select().from(tables.device)).filter(({ attemptId }) => attemptId !== null)
  expect(live).toHaveLength(6)
  expect(owned).toHaveLength(6)
  expect(new Set(owned.map(({ attemptId }) => attemptId)).size).toBe(6)
})

test('a GPU job takes as many devices as it asks for, and no slot', async () => {
  const runner = await stage.runner({ slots: 1, devices: [gpuOf(0, 8000), gpuOf(1, 24_000), gpuOf(2, 24_000)] })
  const job = await stage.submit({ gpus: 2, gpuMemoryMb: 16_000 })
  await planJobs(stage.system)
  const [offer] = (await runner.poll()).offers
  const accepted = await acceptOffer(runner.ctx, { attemptId: offer?.attemptId ?? '' })
  expect(accepted.devices.map(({ index }) => index)).toEqual([1, 2])
  const [card] = await listRunners(stage.as('viewer'), { project: stage.project.slug })
  expect(card?.devices.map(({ kind, attemptId }) => [kind, attemptId !== null])).toEqual([
    ['nvidia', false],
    ['nvidia', true],
    ['nvidia', true],
    ['cpu', false],
  ])
  expect(card?.jobs).toEqual([{ jobId: job.id, name: 'a job' }])
})

test('an offer nobody takes, or that is declined, goes back and the deaf runner gets no more', async () => {
  const job = await stage.submit()
  const runner = await stage.runner()
  await planJobs(stage.system)
  const [offer] = (await runner.poll()).offers
  expect(await rejectOffer(runner.ctx, { attemptId: offer?.attemptId ?? '', reason: 'disk full' })).toEqual({
    rejected: true,
  })
  expect(await jobOf(job.id)).toMatchObject({
    state: 'queued',
    attemptList: [{ reason: expect.stringContaining('disk full') }],
  })
  stage.clock.advance(1500)
  await planJobs(stage.system)
  stage.clock.advance(10_001)
  expect(await reapAttempts(stage.system, bootedLongAgo())).toMatchObject({ expired: 1, lost: 0 })
  expect(await jobOf(job.id)).toMatchObject({ state: 'queued' })
  stage.clock.advance(1500)
  expect(await planJobs(stage.system)).toEqual({ offered: 0 })
  expect((await jobOf(job.id)).whyWaiting?.code).toBe('no_runner')
  await runner.poll()
  expect(await planJobs(stage.system)).toEqual({ offered: 1 })
})

test('a silent runner: suspect and out of placement, then lost and queued again under a higher fence', async () => {
  const job = await stage.submit({ fenceAfterS: 120 })
  const runner = await stage.runner()
  const first = await runner.take()
  stage.clock.advance(61_000)
  expect(await reapAttempts(stage.system, bootedLongAgo())).toMatchObject({ suspect: 1, lost: 0 })
  const [row] = await database.db.select().from(tables.runner).where(eq(tables.runner.id, runner.runnerId))
  expect(row?.state).toBe('offline')
  expect((await jobOf(job.id)).attemptList[0]?.state).toBe('suspect')
  stage.clock.advance(62_000)
  // The installation itself just came up: its own outage is no evidence.
  expect(await reapAttempts(stage.system, { bootedAt: stage.system.now() })).toMatchObject({ suspect: 0, lost: 0 })
  expect(await reapAttempts(stage.system, bootedLongAgo())).toMatchObject({ lost: 1 })
  expect(await jobOf(job.id)).toMatchObject({ state: 'queued', attemptList: [{ state: 'lost', failClass: 'lost' }] })
  const second = await (await stage.runner()).take()
  expect(second.fence).toBeGreaterThan(first.fence)
  const devices = await database.db.select().from(tables.device)
  expect(devices.filter(({ attemptId }) => attemptId !== null).map(({ attemptId }) => attemptId)).toEqual([
    second.attemptId,
  ])
})

test('a beat in time makes a suspect run again; one after the loss is told that it is fenced', async () => {
  const job = await stage.submit({ fenceAfterS: 120 })
  const runner = await stage.runner()
  const taken = await runner.take()
  const sessionId = `session-${runner.runnerId}`
  stage.clock.advance(61_000)
  await reapAttempts(stage.system, bootedLongAgo())
  expect(await beatRunner(runner.ctx, { sessionId, live: [taken] })).toEqual({ stops: [], fenced: [] })
  expect((await jobOf(job.id)).attemptList[0]?.state).toBe('running')
  stage.clock.advance(200_000)
  await reapAttempts(stage.system, bootedLongAgo())
  expect(await beatRunner(runner.ctx, { sessionId, live: [taken] })).toEqual({ stops: [], fenced: [taken.attemptId] })
})

test('cancel: queued ends at once, offered too, running is told to stop on poll and on every beat', async () => {
  const project = stage.project.slug
  const cancel = (jobId: string) => cancelJob(stage.as('editor'), { project, jobId, idempotencyKey: stage.key() })
  expect(await cancel((await stage.submit()).id)).toMatchObject({ state: 'canceled' })
  const runner = await stage.runner()
  const offered = await stage.submit()
  await planJobs(stage.system)
  expect(await cancel(offered.id)).toMatchObject({ state: 'canceled', attemptList: [{ state: 'canceled' }] })
  const running = await stage.submit()
  const taken = await runner.take()
  expect(await cancel(running.id)).toMatchObject({ state: 'active', cancelRequestedAt: expect.any(String) })
  const order = { attemptId: taken.attemptId, reason: 'cancel', graceMs: expect.any(Number) }
  expect((await runner.poll()).stops).toEqual([order])
  expect((await runner.poll()).stops).toEqual([])
  const beat = () => beatRunner(runner.ctx, { sessionId: `session-${runner.runnerId}`, live: [taken] })
  expect(await beat()).toEqual({ stops: [order], fenced: [] })
  expect(await beat()).toEqual({ stops: [order], fenced: [] })
  await expect(cancel(offered.id)).rejects.toMatchObject({ code: 'conflict' })
})

test('hello keeps what both know, kills what only the runner knows, and ends what it no longer lists', async () => {
  const runner = await stage.runner({ slots: 2 })
  const [one, two] = [await stage.submit(), await stage.submit()]
  const first = await runner.take()
  const [offer] = (await runner.poll()).offers
  const second = {
    attemptId: offer?.attemptId ?? '',
    fence: (await acceptOffer(runner.ctx, { attemptId: offer?.attemptId ?? '' })).fence,
  }
  const stranger = { attemptId: stage.system.newId('att'), fence: 1 }
  const greeted = await runner.hello({ live: [first, { ...second, fence: second.fence + 1 }, stranger] })
  expect(greeted).toMatchObject({ keep: [first.attemptId], kill: [second.attemptId, stranger.attemptId] })
  expect((await jobOf(one.id)).state).toBe('active')
  expect(await jobOf(two.id)).toMatchObject({ state: 'queued', attemptList: [{ state: 'lost' }] })
  await runner.hello({ live: [], bootId: 'boot-2' })
  expect((await jobOf(one.id)).state).toBe('queued')
})

test('another session, and another runner, get nothing', async () => {
  await stage.submit()
  const [runner, other] = [await stage.runner(), await stage.runner({ slots: 0 })]
  const taken = await runner.take()
  await expect(beatRunner(runner.ctx, { sessionId: 'an older one', live: [] })).rejects.toMatchObject({ code: 'stale' })
  await expect(acceptOffer(other.ctx, { attemptId: taken.attemptId })).rejects.toMatchObject({ code: 'fenced' })
  await expect(rejectOffer(other.ctx, { attemptId: taken.attemptId, reason: '' })).rejects.toMatchObject({
    code: 'fenced',
  })
  expect(await beatRunner(other.ctx, { sessionId: `session-${other.runnerId}`, live: [taken] })).toMatchObject({
    fenced: [taken.attemptId],
  })
})

test('an enrolment token lets in as many as it says, and one that never got its answer can ask again', async () => {
  const { token } = await createEnrolToken(stage.as('admin'), { uses: 1, expiresInS: 60, idempotencyKey: stage.key() })
  await expect(
    createEnrolToken(stage.as('deployer'), { uses: 1, expiresInS: 60, idempotencyKey: stage.key() }),
  ).rejects.toMatchObject({ code: 'forbidden' })
  const door = stage.ctx({ kind: 'enrol', sha256: stage.system.sha256(token) })
  const enrol = (name: string) => enrolRunner(door, { facts: RunnerFacts.parse(factsOf({ name })) })
  const hello = (runnerId: string) =>
    helloRunner(stage.ctx({ kind: 'runner', runnerId, name: '' }), {
      sessionId: 'session-1',
      bootId: 'boot',
      protocol: 1,
      facts: RunnerFacts.parse(factsOf()),
      live: [],
    })
  const lost = await enrol('one')
  const [one, two] = [await enrol('one'), await enrol('two')]
  await expect(hello(lost.runnerId)).rejects.toMatchObject({ code: 'not_found' })
  await hello(one.runnerId)
  await hello(one.runnerId)
  await expect(hello(two.runnerId)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(enrol('three')).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await authenticateToken(stage.system, one.token)).toMatchObject({ kind: 'runner', runnerId: one.runnerId })
  expect(await authenticateToken(stage.system, token)).toBeNull()
})

test('a job past its time limit and the slack is told to stop', async () => {
  await stage.submit({ timeoutS: 60, fenceAfterS: 3600 })
  const runner = await stage.runner()
  const taken = await runner.take()
  stage.clock.advance(60_000 + 31_000)
  await reapAttempts(stage.system, bootedLongAgo())
  expect((await runner.poll()).stops).toMatchObject([{ attemptId: taken.attemptId, reason: 'timeout' }])
})
