import { RegisterDataset } from '@modelyard/contracts'
import { insertBlobAccess } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getAlert, listAlerts } from '../alert/read.ts'
import type { Ctx } from '../context.ts'
import { registerDataset } from '../dataset/register.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { ingest } from '../gateway/ingest.ts'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { getDrift, listDrift } from './read.ts'
import { tickDrift } from './tick.ts'

let database: TestDatabase
let stage: ServingStage
let endpointId: string
let seq = 0

beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
  const modelVersionId = await stage.modelVersion({ datasetVersionId: await trainingRows() })
  const made = await createEndpoint(stage.deployer, {
    project: 'pets',
    name: 'pets',
    modelVersionId,
    idempotencyKey: stage.key(),
  })
  endpointId = made.id
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const worker = (): Ctx => stage.ctx({ kind: 'system', name: 'worker' })
const fraction = (row: number, step: number) => (row * step) % 1
const calm = (row: number): [number, number] => [fraction(row, 0.6180339887), fraction(row, 0.7548776662)]

async function trainingRows(): Promise<string> {
  const lines = Array.from({ length: 1000 }, (_, row) => [...calm(row), row % 2 === 0 ? 'cat' : 'dog'].join(','))
  const ctx = stage.as('editor')
  const blob = await ctx.blobs.put(Buffer.from(['tail,ears,label', ...lines, ''].join('\n')))
  await insertBlobAccess(ctx.db, { projectId: stage.project.id, ...blob, now: ctx.now() })
  const split = { kind: 'ordered', train: 0.7, validation: 0.1, test: 0.2, seed: 1 } as const
  const input = RegisterDataset.parse({
    project: 'pets',
    name: 'pets',
    sha256: blob.sha256,
    format: 'csv',
    labelColumn: 'label',
    split,
    idempotencyKey: stage.key(),
  })
  return (await registerDataset(ctx, input)).id
}

/** Serve rows over the next ten seconds. */
async function serve(rows: number, features: (row: number) => number[]): Promise<void> {
  const { id: variantId, modelVersionId } = (await variantOf()) ?? { id: '', modelVersionId: '' }
  const start = stage.clock.now().getTime() + 1
  const predictions = Array.from({ length: rows }, (_, row) => ({
    id: stage.deployer.newId('prd'),
    endpointId,
    variantId,
    modelVersionId,
    at: new Date(start + (row * 10_000) / rows).toISOString(),
    latencyMs: 3,
    features: features(row),
    label: row % 2 === 0 ? 'cat' : 'dog',
    score: 0.9,
    traceId: null,
  }))
  await ingest(stage.gateway, { bootId: 'boot-drift', seq: seq++, seconds: [], predictions })
  stage.clock.advance(12_000)
}

const variantOf = async () =>
  (await database.db.query.variant.findMany({ where: (row, { eq }) => eq(row.endpointId, endpointId) }))[0]
const newest = async () => {
  const [point] = await listDrift(stage.as('viewer'), { project: 'pets', endpointId, limit: 1 })
  return getDrift(stage.as('viewer'), { project: 'pets', reportId: point?.id ?? '' })
}
const firing = async () => (await listAlerts(stage.as('viewer'), { project: 'pets', open: true, limit: 10 })).items

describe('drift', () => {
  it('waits until a window is full, and then finds nothing where nothing changed', async () => {
    await serve(150, calm)
    expect(await tickDrift(worker())).toBe(0)
    await serve(300, (row) => calm(row + 5000))
    expect(await tickDrift(worker())).toBe(1)
    expect(await tickDrift(worker())).toBe(0)
    const report = await newest()
    expect(report).toMatchObject({
      verdict: 'ok',
      drifted: 0,
      nCurrent: 450,
      nReference: 700,
      variant: 1,
      referenceName: 'pets v1, training rows',
    })
    expect(report.features.map(({ feature }) => feature).sort()).toEqual(['ears', 'tail'])
    expect(report.prediction?.verdict).toBe('ok')
    expect(await firing()).toEqual([])
  })

  it('pages at once when a sensor breaks, names the feature and keeps one alert', async () => {
    const broken = (row: number) => [1 - (calm(row)[0] ?? 0) ** 3, calm(row)[1] ?? 0]
    await serve(400, broken)
    expect(await tickDrift(worker())).toBe(1)
    const report = await newest()
    expect(report).toMatchObject({ verdict: 'critical', drifted: 1 })
    expect(report.features[0]).toMatchObject({ feature: 'tail', verdict: 'critical' })
    const [alert] = await firing()
    expect(alert).toMatchObject({ rule: 'drift', severity: 'critical', endpointId, count: 1 })
    expect(await getAlert(stage.as('viewer'), { alertId: alert?.id ?? '' })).toMatchObject({ driftReportId: report.id })
    await serve(400, broken)
    await tickDrift(worker())
    expect(await firing()).toMatchObject([{ id: alert?.id, count: 2 }])
  })

  it('resolves by itself after three clean windows', async () => {
    for (let window = 1; window <= 3; window++) {
      expect(await firing()).toHaveLength(1)
      await serve(420, (row) => calm(row + window * 10_000))
      expect(await tickDrift(worker())).toBe(1)
    }
    expect(await firing()).toEqual([])
  })

  it('calls rows of another width missing values, which is critical, and never "no drift"', async () => {
    await serve(400, () => [1])
    expect(await tickDrift(worker())).toBe(1)
    expect((await newest()).features.map(({ verdict }) => verdict)).toEqual(['critical', 'critical'])
  })

  it('writes one report when two workers look at once, and shows it to no stranger', async () => {
    await serve(400, calm)
    const written = await Promise.all([tickDrift(worker()), tickDrift(worker())])
    const points = await listDrift(stage.as('viewer'), { project: 'pets', endpointId, limit: 100 })
    expect(new Set(points.map(({ at }) => at)).size).toBe(points.length)
    expect(written.some((count) => count === 1)).toBe(true)
    await expect(listDrift(stage.stranger, { project: 'pets', endpointId, limit: 1 })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(
      getDrift(stage.as('viewer'), { project: 'pets', reportId: 'drf_00000000000000000000000000' }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})
