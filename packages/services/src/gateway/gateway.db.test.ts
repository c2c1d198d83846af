import { PulledSnapshot } from '@modelyard/contracts'
import { bumpSnapshot, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../account/api-key.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { getEndpoint, listEndpoints } from '../endpoint/read.ts'
import type { Arm } from '../hub.ts'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { ingest } from './ingest.ts'
import { observe } from './observe.ts'
import { openModelBlob } from './open-blob.ts'
import { pullSnapshot } from './pull-snapshot.ts'

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

/** Waits end when the test says so. */
const ears = (during: () => Promise<unknown> = async () => {}): Arm => {
  return () => ({ wait: async () => void (await during()), disarm: () => {} })
}
const pull = (have: number, during?: () => Promise<unknown>) =>
  pullSnapshot(stage.gateway, { have, waitMs: 1000 }, { arm: ears(during) })
const endpointOf = (endpointId: string) => getEndpoint(stage.deployer, { project, endpointId, windowS: 60 })

describe('the snapshot', () => {
  it('holds every endpoint with its variants, and the keys that may predict', async () => {
    const endpointId = await stage.endpoint('snapshot')
    const admin = stage.as('admin')
    const made = await createApiKey(admin, {
      project,
      name: 'app',
      scopes: ['predict'],
      expiresInDays: 1,
      idempotencyKey: stage.key(),
    })
    await createApiKey(admin, {
      project,
      name: 'reads only',
      scopes: ['read'],
      expiresInDays: 1,
      idempotencyKey: stage.key(),
    })
    const { snapshot } = PulledSnapshot.parse(await pull(-1))
    const endpoint = snapshot?.endpoints.find(({ id }) => id === endpointId)
    expect(endpoint).toMatchObject({ project, name: 'snapshot', generation: 1 })
    expect(endpoint?.variants).toMatchObject([
      { number: 1, role: 'stable', weightBps: 10_000, classes: ['cat', 'dog'] },
    ])
    expect(snapshot?.keys.map(({ id }) => id)).toEqual([made.id])
    expect(snapshot?.keys[0]).toMatchObject({ projectIds: [stage.project.id], sha256: admin.sha256(made.secret) })
    expect(JSON.stringify(snapshot)).not.toContain(made.secret)
    stage.clock.advance(2 * 86_400_000)
    expect((await pull(-1)).snapshot?.keys).toEqual([])
  })

  it('waits while nothing changed and answers what changed meanwhile', async () => {
    const have = (await pull(-1)).snapshot?.generation ?? 0
    expect(await pull(have)).toEqual({ snapshot: null })
    const { snapshot } = await pull(have, () => bumpSnapshot(database.db))
    expect(snapshot?.generation).toBe(have + 1)
    await expect(pullSnapshot(stage.deployer, { have, waitMs: 0 }, { arm: ears() })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('lets a gateway read deployed models only', async () => {
    const stored = await stage.gateway.blobs.put(new TextEncoder().encode('model bytes'))
    await expect(openModelBlob(stage.gateway, stored)).rejects.toMatchObject({ code: 'not_found' })
    const modelVersionId = await stage.modelVersion({ sha256: stored.sha256 })
    const request = { project, name: 'blob', modelVersionId, idempotencyKey: stage.key() }
    await createEndpoint(stage.deployer, request)
    const { sizeBytes, read } = await openModelBlob(stage.gateway, stored)
    expect(sizeBytes).toBe(11)
    expect(Buffer.concat(await (await read()).toArray()).toString()).toBe('model bytes')
    await expect(openModelBlob(stage.deployer, stored)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('endpoints', () => {
  it('serve approved versions only, under a name of their own, for deployers', async () => {
    const candidate = await stage.modelVersion({ stage: 'candidate', gatesPassed: false })
    const request = { project, name: 'gated', modelVersionId: candidate, idempotencyKey: stage.key() }
    await expect(createEndpoint(stage.deployer, request)).rejects.toMatchObject({
      code: 'blocked',
      details: { gatesPassed: false },
    })
    await expect(createEndpoint(stage.as('editor'), request)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(createEndpoint(stage.stranger, request)).rejects.toMatchObject({ code: 'not_found' })
    const modelVersionId = await stage.modelVersion()
    const good = { ...request, modelVersionId, idempotencyKey: stage.key() }
    const made = await createEndpoint(stage.deployer, good)
    expect(await createEndpoint(stage.deployer, good)).toEqual(made)
    await expect(createEndpoint(stage.deployer, { ...good, idempotencyKey: stage.key() })).rejects.toMatchObject({
      code: 'conflict',
      field: 'name',
    })
    expect((await listEndpoints(stage.as('viewer'), { project })).map(({ name }) => name)).toContain('gated')
  })

  it('show traffic, quality, health and what gateways observe', async () => {
    const endpointId = await stage.endpoint('traffic')
    expect(await endpointOf(endpointId)).toMatchObject({ health: 'idle', observed: true, lastSampleAt: null })
    for (let index = 0; index < 5; index++) await stage.second(endpointId, { rps: 60, behaviours: { 1: { wrong: 0 } } })
    const view = await endpointOf(endpointId)
    expect(view).toMatchObject({ health: 'healthy', requestsPerSecond: 5, errorRatio: 0 })
    expect(view.variants[0]?.observedBps).toBe(10_000)
    expect(view.traffic.reduce((sum, { requests }) => sum + requests, 0)).toBe(300)
    expect(view.traffic[0]?.p50Ms).toBeGreaterThan(3)
    expect(view.traffic[0]?.p50Ms).toBeLessThanOrEqual(5)
    expect(view.quality).toMatchObject([{ variant: 1, labelled: 300, accuracy: 1 }])
    expect(view.quality[0]?.interval?.[0]).toBeGreaterThan(0.98)
    for (let index = 0; index < 5; index++)
      await stage.second(endpointId, { rps: 60, behaviours: { 1: { errors: 0.5 } } })
    expect((await endpointOf(endpointId)).health).toBe('degraded')
    stage.clock.advance(20_000)
    expect((await endpointOf(endpointId)).gateways.map(({ live }) => live)).toEqual([false])
  })
})

it('never takes a report for newer that was sent earlier, except after a restart', async () => {
  const endpointId = await stage.endpoint('reports')
  const report = (bootId: string, generation: number) =>
    observe(stage.gateway, { name: 'g', bootId, endpoints: [{ endpointId, generation }] })
  const seen = async () => (await endpointOf(endpointId)).gateways[0]?.observedGeneration
  await report('b1', 3)
  await report('b1', 2)
  expect(await seen()).toBe(3)
  await report('b2', 1)
  expect(await seen()).toBe(1)
})

describe('ingest', () => {
  const latency = new Array<number>(21).fill(0)

  async function batchFor(name: string) {
    const endpointId = await stage.endpoint(name)
    const variant = (await endpointOf(endpointId)).variants[0]
    const ids = { endpointId, variantId: variant?.id ?? '' }
    const second = Math.floor(stage.deployer.now().getTime() / 1000)
    const row = { ...ids, second, requests: 3, errors: 1, latency: latency.with(4, 3) }
    const prediction = {
      ...ids,
      id: stage.deployer.newId('prd'),
      modelVersionId: variant?.modelVersionId ?? '',
      at: stage.deployer.now().toISOString(),
      latencyMs: 2.5,
      features: [1, null, 0.25, 1e-60],
      label: 'cat',
      score: 0.75,
      traceId: null,
    }
    return { ids, row, prediction, batch: { bootId: name, seq: 0, seconds: [row], predictions: [prediction] } }
  }
  const storedOf = async (endpointId: string) => ({
    seconds: await database.db
      .select()
      .from(tables.trafficSecond)
      .where(eq(tables.trafficSecond.endpointId, endpointId)),
    predictions: await database.db.select().from(tables.prediction).where(eq(tables.prediction.endpointId, endpointId)),
  })

  it('counts a batch once however often it comes, also at the same time', async () => {
    const { ids, batch } = await batchFor('once')
    const answers = await Promise.all([1, 2, 3].map(() => ingest(stage.gateway, batch)))
    expect(answers.map(({ stored }) => stored).sort()).toEqual([0, 0, 2])
    expect(await ingest(stage.gateway, batch)).toEqual({ seq: 0, stored: 0, refused: 0 })
    const stored = await storedOf(ids.endpointId)
    expect(stored.seconds).toMatchObject([{ requests: 3, errors: 1, latency: latency.with(4, 3) }])
    expect(stored.predictions).toHaveLength(1)
    expect(stored.predictions[0]).toMatchObject({ features: [1, null, 0.25, 0], label: 'cat', score: 0.75 })
  })

  it('adds up the same second from several batches and within one, and keeps the first of a prediction', async () => {
    const { ids, row, batch } = await batchFor('added')
    await ingest(stage.gateway, { ...batch, seconds: [row, row] })
    expect(await ingest(stage.gateway, { ...batch, seq: 1 })).toMatchObject({ stored: 2 })
    const stored = await storedOf(ids.endpointId)
    expect(stored.seconds).toMatchObject([{ requests: 9, errors: 3, latency: latency.with(4, 9) }])
    expect(stored.predictions).toHaveLength(1)
  })

  it('refuses by the row what it cannot keep, and never the batch', async () => {
    const { ids, row, prediction, batch } = await batchFor('refused')
    const strange = stage.deployer.newId('var')
    const bad = {
      seconds: [
        { ...row, variantId: strange },
        { ...row, errors: 4 },
        { ...row, requests: 2 ** 40 },
        { ...row, second: row.second + 86_400 },
        row,
      ],
      predictions: [
        { ...prediction, id: stage.deployer.newId('prd'), endpointId: stage.deployer.newId('ep') },
        { ...prediction, id: stage.deployer.newId('prd'), label: 'a\0b' },
        { ...prediction, id: stage.deployer.newId('prd'), features: [1e300] },
        { ...prediction, id: stage.deployer.newId('prd'), at: '1999-01-01T00:00:00Z' },
        prediction,
      ],
    }
    expect(await ingest(stage.gateway, { ...batch, ...bad })).toEqual({ seq: 0, stored: 2, refused: 8 })
    const stored = await storedOf(ids.endpointId)
    expect([stored.seconds.length, stored.predictions.length]).toEqual([1, 1])
  })

  it('takes a big batch in', async () => {
    const { ids, row, prediction, batch } = await batchFor('big')
    const features = Array.from({ length: 64 }, (_, index) => index / 16)
    const predictions = Array.from({ length: 2000 }, () => {
      return { ...prediction, id: stage.deployer.newId('prd'), features }
    })
    const seconds = Array.from({ length: 500 }, (_, index) => ({ ...row, second: row.second - index }))
    expect(await ingest(stage.gateway, { ...batch, seconds, predictions })).toMatchObject({ stored: 2500 })
    expect((await storedOf(ids.endpointId)).predictions[7]?.features).toEqual(features)
  })
})
