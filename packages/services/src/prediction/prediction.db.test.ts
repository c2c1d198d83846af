import { maintainPartitions, sweepOld, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { getPrediction, listPredictions } from './read.ts'
import { recordFeedback } from './record-feedback.ts'

let database: TestDatabase
let stage: ServingStage
let endpointId: string
let ids: string[]
const project = 'pets'
beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
  endpointId = await stage.endpoint('pets')
  ids = await stage.second(endpointId, { rps: 30, behaviours: {}, labels: false })
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
const send = (items: { predictionId: string; label: string }[], as = stage.as('editor'), slug = project) =>
  recordFeedback(as, { project: slug, items })

describe('feedback', () => {
  it('takes a label once, the same one again, and refuses another', async () => {
    const [first = '', second = ''] = ids
    const items = [
      { predictionId: first, label: 'cat' },
      { predictionId: second, label: 'dog' },
    ]
    expect(await send(items)).toEqual({ accepted: 2, repeated: 0, refused: [] })
    const mixed = [...items.slice(0, 1), { predictionId: second, label: 'cat' }]
    expect(await send(mixed)).toMatchObject({ accepted: 0, repeated: 1, refused: [{ predictionId: second }] })
    expect(await getPrediction(stage.as('viewer'), { project, predictionId: second })).toMatchObject({ truth: 'dog' })
  })

  it('may come before the prediction does', async () => {
    const predictionId = stage.deployer.newId('prd')
    const twice = [
      { predictionId, label: 'cat' },
      { predictionId, label: 'dog' },
      { predictionId, label: 'cat' },
    ]
    expect(await send(twice)).toMatchObject({ accepted: 1, repeated: 1, refused: [{ predictionId }] })
  })

  it('stays in its project and is for those who may write it', async () => {
    const predictionId = ids[5] ?? ''
    const item = [{ predictionId, label: 'cat' }]
    expect(await send(item, stage.stranger, stage.elsewhere.slug)).toMatchObject({
      accepted: 0,
      refused: [{ reason: 'there is no such prediction in this project' }],
    })
    await expect(send(item, stage.as('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
    const odd = [
      { predictionId: 'prd_iiiiiiiiiiiiiiiiiiiiiiiiii', label: 'cat' },
      { predictionId, label: 'a\0' },
    ]
    expect((await send(odd)).refused).toHaveLength(2)
    expect(await send(item)).toMatchObject({ accepted: 1 })
  })
})

it('lists predictions newest first, page by page', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await listPredictions(stage.as('viewer'), { project, endpointId, limit: 7, cursor })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  expect(seen).toEqual(ids.toSorted().toReversed())
  await expect(
    listPredictions(stage.as('viewer'), { project, endpointId, limit: 7, cursor: "x'--" }),
  ).rejects.toMatchObject({ code: 'invalid', field: 'cursor' })
  const other = { project: stage.elsewhere.slug, predictionId: ids[0] ?? '' }
  await expect(getPrediction(stage.stranger, other)).rejects.toMatchObject({ code: 'not_found' })
})

describe('partitions', () => {
  const keep = { prediction: 30 }
  const partsOf = async () =>
    (
      await database.db.execute<{ name: string }>(
        sql`select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = 'prediction'::regclass order by 1`,
      )
    ).rows.map(({ name }) => name)

  it('are made ahead, take over rows that came before them, and go when their day is over', async () => {
    const now = stage.deployer.now()
    const [first, second] = await Promise.all([
      maintainPartitions(database.db, { now, daysAhead: 2, keepDays: keep }),
      maintainPartitions(database.db, { now, daysAhead: 2, keepDays: keep }),
    ])
    expect([...first.created, ...second.created].sort()).toHaveLength(3)
    expect(await partsOf()).toEqual([
      'prediction_20260302',
      'prediction_20260303',
      'prediction_20260304',
      'prediction_default',
    ])
    const { rows } = await database.db.execute<{ n: number }>(sql`select count(*)::int as n from prediction_20260302`)
    expect(rows[0]?.n).toBe(ids.length)
    const later = new Date(now.getTime() + 31 * 86_400_000)
    const swept = await maintainPartitions(database.db, { now: later, daysAhead: 0, keepDays: keep })
    expect(swept.dropped).toEqual(['prediction_20260302'])
    expect(await database.db.select().from(tables.prediction)).toEqual([])
  })

  it('and old counts, batches and answers are swept', async () => {
    const from = new Date(stage.deployer.now().getTime() + 86_400_000)
    const swept = { trafficFrom: from, batchesFrom: from, keysFrom: from, outboxFrom: from, deliveriesFrom: from }
    expect(await sweepOld(database.db, swept)).toMatchObject({ trafficSeconds: 1, ingestBatches: 1 })
    expect(await sweepOld(database.db, swept)).toMatchObject({ trafficSeconds: 0, idempotencyKeys: 0 })
  })
})
