import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getEndpoint } from '../endpoint/read.ts'
import { rollBack } from '../endpoint/roll-back.ts'
import { undoRollBack } from '../endpoint/undo-roll-back.ts'
import { beginRollout } from '../testing/rollouts.ts'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { commandRollout } from './command.ts'
import { getRollout } from './read.ts'
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

const endpointOf = (endpointId: string) => getEndpoint(stage.deployer, { project, endpointId, windowS: 60 })
const outboxOf = (rolloutId: string) =>
  database.db
    .select()
    .from(tables.outbox)
    .where(eq(tables.outbox.topic, 'rollout.rolled_back'))
    .then((rows) => rows.filter(({ payload }) => payload.rolloutId === rolloutId))

describe('a person', () => {
  const command = (rolloutId: string, name: 'pause' | 'resume' | 'promote' | 'abort' | 'roll_back', revision: number) =>
    commandRollout(stage.deployer, {
      project,
      rolloutId,
      command: name,
      revision,
      reason: 'because',
      idempotencyKey: stage.key(),
    })

  it('pauses, resumes and promotes, each on the revision they saw', async () => {
    const { endpointId, rolloutId } = await begin('commands')
    const paused = await command(rolloutId, 'pause', 0)
    expect(paused).toMatchObject({ state: 'paused', revision: 1 })
    await expect(command(rolloutId, 'resume', 0)).rejects.toMatchObject({ code: 'stale', details: { revision: 1 } })
    const resumed = await command(rolloutId, 'resume', 1)
    await stage.second(endpointId, { rps: 100, behaviours: {} })
    await tickRollouts(worker())
    expect((await getRollout(stage.deployer, { project, rolloutId })).revision).toBe(resumed.revision)
    expect(await command(rolloutId, 'promote', resumed.revision)).toMatchObject({ state: 'promoted' })
    await expect(command(rolloutId, 'abort', 3)).rejects.toMatchObject({ code: 'conflict' })
    await expect(command(rolloutId, 'roll_back', 3)).rejects.toMatchObject({ code: 'conflict' })
    expect((await endpointOf(endpointId)).variants.find(({ role }) => role === 'stable')?.number).toBe(2)
  })

  it('aborts, and nobody is told that something broke', async () => {
    const { endpointId, rolloutId } = await begin('aborted')
    expect(await command(rolloutId, 'abort', 0)).toMatchObject({ state: 'aborted' })
    expect(await outboxOf(rolloutId)).toHaveLength(0)
    expect((await endpointOf(endpointId)).pinned).toBe(false)
  })

  it('rolls an endpoint back during a rollout, which ends by that, and undoes it', async () => {
    const { endpointId, rolloutId } = await begin('undo')
    const press = { project, endpointId, reason: 'looks odd', idempotencyKey: stage.key() }
    // A real clock goes on between two looks at it.
    const moving = {
      ...stage.deployer,
      now: () => {
        stage.clock.advance(1)
        return stage.clock.now()
      },
    }
    const back = await rollBack(moving, press)
    expect(back).toMatchObject({ from: [2, 1], to: 1, rolloutId, generation: 3 })
    expect(await rollBack(stage.deployer, press)).toEqual(back)
    const again = { ...press, toVariantId: (await endpointOf(endpointId)).variants[0]?.id, idempotencyKey: stage.key() }
    expect(await rollBack(stage.deployer, again)).toMatchObject({ generation: 3, rolloutId: null })
    expect((await getRollout(stage.deployer, { project, rolloutId })).state).toBe('rolled_back')
    expect(await outboxOf(rolloutId)).toHaveLength(0)
    const undo = { project, endpointId, generation: 3, idempotencyKey: stage.key() }
    await expect(
      undoRollBack(stage.deployer, { ...undo, generation: 2, idempotencyKey: stage.key() }),
    ).rejects.toMatchObject({ code: 'stale' })
    expect(await undoRollBack(stage.deployer, undo)).toMatchObject({
      generation: 4,
      pinned: false,
      activeRolloutId: rolloutId,
    })
    expect((await getRollout(stage.deployer, { project, rolloutId })).state).toBe('paused')
    await expect(
      undoRollBack(stage.deployer, { ...undo, generation: 4, idempotencyKey: stage.key() }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })

  it('goes back from a promoted version, and cannot undo it after ten minutes', async () => {
    const { endpointId, rolloutId } = await begin('promoted-back')
    await command(rolloutId, 'promote', 0)
    const back = await rollBack(stage.deployer, { project, endpointId, reason: '', idempotencyKey: stage.key() })
    expect(back).toMatchObject({ from: [2], to: 1, rolloutId })
    expect((await endpointOf(endpointId)).rollbackTo).toBeNull()
    await expect(
      rollBack(stage.deployer, { project, endpointId, reason: '', idempotencyKey: stage.key() }),
    ).rejects.toMatchObject({ code: 'conflict' })
    stage.clock.advance(601_000)
    const undo = { project, endpointId, generation: back.generation, idempotencyKey: stage.key() }
    await expect(undoRollBack(stage.deployer, undo)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('wins or loses cleanly against a promotion at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { endpointId, rolloutId } = await begin(`collide-${round}`, {
        steps: [{ weightBps: 1_000, minDwellS: 0, minUnits: 0 }],
      })
      const target = (await endpointOf(endpointId)).variants[0]
      const press = { project, endpointId, toVariantId: target?.id, reason: '', idempotencyKey: stage.key() }
      await Promise.all([tickRollouts(worker()), rollBack(stage.deployer, press), tickRollouts(worker())])
      const after = await endpointOf(endpointId)
      expect(after.variants.find(({ role }) => role === 'stable')?.number).toBe(1)
      expect((await getRollout(stage.deployer, { project, rolloutId })).state).toBe('rolled_back')
      expect(after.pinned).toBe(true)
    }
  })
})
