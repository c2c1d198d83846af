import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getEndpoint } from '../endpoint/read.ts'
import { rollBack } from '../endpoint/roll-back.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { beginRollout, nextRollout, policy } from '../testing/rollouts.ts'
import { type Second, type ServingStage, servingStage } from '../testing/serving.ts'
import { getRollout, listRollouts } from './read.ts'
import { startRollout } from './start.ts'
import { tickRollouts } from './tick.ts'

let database: TestDatabase
let stage: ServingStage
const project = 'pets'

beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const worker = () => stage.ctx({ kind: 'system', name: 'worker' })

const begin = (name: string, change?: Parameters<typeof beginRollout>[2]) => beginRollout(stage, name, change)

/** Serve and tick until the rollout ends or the seconds run out. */
async function run(ids: { endpointId: string; rolloutId: string }, second: Second, seconds: number) {
  for (let index = 0; index < seconds; index++) {
    await stage.second(ids.endpointId, second)
    await tickRollouts(worker())
    const view = await getRollout(stage.deployer, { project, rolloutId: ids.rolloutId })
    if (view.endedAt !== null) return view
  }
  return getRollout(stage.deployer, { project, rolloutId: ids.rolloutId })
}
const endpointOf = (endpointId: string) => getEndpoint(stage.deployer, { project, endpointId, windowS: 60 })
const outboxOf = (rolloutId: string) =>
  database.db
    .select()
    .from(tables.outbox)
    .where(eq(tables.outbox.topic, 'rollout.rolled_back'))
    .then((rows) => rows.filter(({ payload }) => payload.rolloutId === rolloutId))

describe('a rollout', () => {
  it('rolls a canary back that is wrong more often, pins the endpoint and tells the worker', async () => {
    const ids = await begin('bad-quality')
    const ended = await run(ids, { rps: 100, behaviours: { 1: { wrong: 0.05 }, 2: { wrong: 0.5 } } }, 60)
    expect(ended.state).toBe('rolled_back')
    expect(ended.reason).toMatch(/^Rolled back automatically: quality: /)
    const quality = ended.guards.find(({ guard }) => guard === 'quality')
    expect(quality).toMatchObject({ verdict: 'fail' })
    expect(quality?.p).toBeLessThan(0.003)
    expect(ended.evidenceSeries.length).toBeGreaterThan(3)
    expect(ended.bound).toContain('1 %')
    expect(ended.events.map(({ action }) => action)).toContain('rollout.rolled_back')
    const endpoint = await endpointOf(ids.endpointId)
    expect(endpoint).toMatchObject({ pinned: true, activeRolloutId: null })
    expect(endpoint.variants.map(({ role, weightBps }) => [role, weightBps])).toEqual([
      ['stable', 10_000],
      ['retired', 0],
    ])
    expect(await outboxOf(ids.rolloutId)).toHaveLength(1)
    expect(stage.nudges).toContainEqual({ topic: 'rollout.rolled_back', id: ids.rolloutId })
  })

  it('rolls back a canary that fails, and one that answers nothing at all at once', async () => {
    const failing = await begin('bad-errors')
    const ended = await run(failing, { rps: 100, behaviours: { 1: { errors: 0.01 }, 2: { errors: 0.4 } } }, 60)
    expect(ended.reason).toMatch(/^Rolled back automatically: errors: /)
    const dead = await begin('dead', { guards: ['quality'] })
    const stopped = await run(dead, { rps: 100, behaviours: { 2: { errors: 1 } } }, 10)
    expect(stopped.reason).toMatch(/none of the canary's \d+ answers was a success/)
  })

  it('rolls back a canary that is slow', async () => {
    const steps = [{ weightBps: 1_000, minDwellS: 100, minUnits: 10 }]
    const ids = await begin('slow', { guards: ['latency'], steps })
    const ended = await run(ids, { rps: 60, behaviours: { 1: { slow: 0.02 }, 2: { slow: 0.9 } } }, 120)
    expect(ended.state).toBe('rolled_back')
    expect(ended.reason).toMatch(/latency: /)
  })

  it('takes a good canary through its steps and promotes it', async () => {
    const ids = await begin('good')
    const ended = await run(ids, { rps: 100, behaviours: { 1: { wrong: 0.1 }, 2: { wrong: 0.05 } } }, 60)
    expect(ended).toMatchObject({ state: 'promoted', stepIndex: 1 })
    expect(ended.guards.map(({ verdict }) => verdict)).not.toContain('fail')
    expect(ended.events.map(({ action }) => action)).toEqual([
      'rollout.started',
      'rollout.advanced',
      'rollout.promoted',
    ])
    const endpoint = await endpointOf(ids.endpointId)
    expect(endpoint.variants.map(({ number, role }) => [number, role])).toEqual([
      [1, 'retired'],
      [2, 'stable'],
    ])
    expect(endpoint.rollbackTo?.number).toBe(1)
    expect(endpoint.generation).toBe(4)
    const generations = await database.db
      .select()
      .from(tables.routing)
      .where(eq(tables.routing.endpointId, ids.endpointId))
    expect(generations.map(({ generation }) => generation).sort()).toEqual([1, 2, 3, 4])
  })

  it('does not advance before every gateway serves the step, or without traffic', async () => {
    const ids = await begin('unrouted')
    for (let index = 0; index < 5; index++) {
      stage.clock.advance(1000)
      await stage.observeAll()
      await tickRollouts(worker())
    }
    expect((await getRollout(stage.deployer, { project, rolloutId: ids.rolloutId })).stepIndex).toBe(0)
    await database.db.update(tables.gateway).set({ observed: {} }).where(eq(tables.gateway.name, 'test gateway'))
    expect((await endpointOf(ids.endpointId)).observed).toBe(false)
    await stage.observeAll()
    expect((await endpointOf(ids.endpointId)).observed).toBe(true)
  })

  it('does not advance on requests alone where quality is guarded', async () => {
    const ids = await begin('unlabelled')
    const second = { rps: 100, behaviours: {}, labels: false }
    expect(await run(ids, second, 8)).toMatchObject({ state: 'progressing', stepIndex: 0 })
    expect((await run(ids, { ...second, labels: true }, 2)).stepIndex).toBe(1)
  })

  it('counts each request and label once, however often the workers look', async () => {
    const ids = await begin('counted')
    const seconds = 4
    for (let index = 0; index < seconds; index++) {
      await stage.second(ids.endpointId, { rps: 100, behaviours: {} })
      await Promise.all([tickRollouts(worker()), tickRollouts(worker()), tickRollouts(worker())])
    }
    stage.clock.advance(1000)
    await tickRollouts(worker())
    const view = await getRollout(stage.deployer, { project, rolloutId: ids.rolloutId })
    const errors = view.guards.find(({ guard }) => guard === 'errors')
    const sums = await database.db
      .select()
      .from(tables.trafficSecond)
      .where(eq(tables.trafficSecond.endpointId, ids.endpointId))
    expect(sums.reduce((sum, row) => sum + row.requests, 0)).toBe(seconds * 100)
    expect((errors?.canary.units ?? 0) + (errors?.control.units ?? 0)).toBe(seconds * 100)
    const quality = view.guards.find(({ guard }) => guard === 'quality')
    expect((quality?.canary.units ?? 0) + (quality?.control.units ?? 0)).toBe(seconds * 100)
  })

  it('still counts labels and seconds that come while it is old, up to the time they settle', async () => {
    const steps = [{ weightBps: 1_000, minDwellS: 1_000, minUnits: 10 }]
    const ids = await begin('late', { guards: ['quality'], steps, maxDurationS: 3_600 })
    for (let index = 0; index < 130; index++) {
      await stage.second(ids.endpointId, { rps: 10, behaviours: {}, labels: index % 2 === 0 })
      if (index % 13 === 0) await tickRollouts(worker())
    }
    await tickRollouts(worker())
    const view = await getRollout(stage.deployer, { project, rolloutId: ids.rolloutId })
    const [quality] = view.guards
    expect((quality?.canary.units ?? 0) + (quality?.control.units ?? 0)).toBe(65 * 10)
  })
})

describe('starting', () => {
  it('refuses what is not approved, a second rollout, and a model callers would notice', async () => {
    const { endpointId, input } = await begin('refusals')
    const refused = async (modelVersionId: string) =>
      startRollout(stage.deployer, { ...input, modelVersionId, idempotencyKey: stage.key() })
    await expect(refused(await stage.modelVersion({ stage: 'candidate' }))).rejects.toMatchObject({ code: 'blocked' })
    await expect(refused(await stage.modelVersion())).rejects.toMatchObject({ code: 'conflict', field: 'endpointId' })
    const other = await stage.modelVersion({
      signature: { inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 3] }], outputs: [] },
    })
    await expect(refused(other)).rejects.toMatchObject({ code: 'blocked' })
    await expect(startRollout(stage.as('editor'), { ...input, idempotencyKey: stage.key() })).rejects.toMatchObject({
      code: 'forbidden',
    })
    const wrong = { ...policy, steps: [policy.steps[1]!, policy.steps[0]!] }
    await expect(
      startRollout(stage.deployer, { ...input, policy: wrong, idempotencyKey: stage.key() }),
    ).rejects.toMatchObject({ code: 'invalid', field: 'policy.steps' })
    expect((await endpointOf(endpointId)).variants).toHaveLength(2)
  })

  it('answers a repeated request with the first answer', async () => {
    const { endpointId, input, rolloutId } = await begin('repeated')
    expect((await startRollout(stage.deployer, input)).id).toBe(rolloutId)
    expect((await endpointOf(endpointId)).generation).toBe(2)
  })

  it('lets one of two that start at the same time through', async () => {
    const endpointId = await stage.endpoint('race')
    const made = await Promise.allSettled([
      nextRollout(stage, endpointId),
      nextRollout(stage, endpointId),
      nextRollout(stage, endpointId),
    ])
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await endpointOf(endpointId)).variants).toHaveLength(2)
  })

  it('removes the pin of a rollback', async () => {
    const { endpointId } = await begin('pinned')
    await rollBack(stage.deployer, { project, endpointId, reason: '', idempotencyKey: stage.key() })
    expect((await endpointOf(endpointId)).pinned).toBe(true)
    await nextRollout(stage, endpointId)
    expect((await endpointOf(endpointId)).pinned).toBe(false)
  })
})

it('lists rollouts by page, and the ledger of all this still verifies', async () => {
  const first = await listRollouts(stage.deployer, { project, limit: 5 })
  expect(first.items).toHaveLength(5)
  const second = await listRollouts(stage.deployer, { project, limit: 5, cursor: first.nextCursor ?? undefined })
  expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]?.id)
  const active = await database.db
    .select()
    .from(tables.rollout)
    .where(and(eq(tables.rollout.projectId, stage.project.id), eq(tables.rollout.state, 'progressing')))
  const listed = await listRollouts(stage.deployer, { project, active: true, limit: 100 })
  expect(listed.items.filter(({ state }) => state === 'progressing')).toHaveLength(active.length)
  expect(await verifyLedger(stage.deployer, { project })).toMatchObject({ verified: true })
})
