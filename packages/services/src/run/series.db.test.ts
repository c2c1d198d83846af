import { appendPoints, dropSupersededPoints, rebuildRollups, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStage, testStage } from '../testing/context.ts'
import { createRun } from './create.ts'
import { readMetricHistories, readMetricHistory, sampleMetricHistories } from './history.ts'
import { readSeries, readSeriesOfRuns, type SeriesRange } from './series.ts'

let database: TestDatabase
let stage: TestStage
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(async () => {
  runId = await newRun()
})

const project = 'digits'
const newRun = async () => (await createRun(stage.as('editor'), { project, experiment: 0 })).id
type Point = { key?: string; step: number | bigint; value: number; atMs?: number }
const append = (points: Point[], { fence = 0, id = runId } = {}) =>
  database.db.transaction((tx) =>
    appendPoints(tx, {
      projectId: stage.project.id,
      runId: id,
      fence,
      points: points.map(({ key = 'loss', step, value, atMs = Number(step) + 1e12 }) => {
        return { key, step: BigInt(step), value, atMs: BigInt(atMs) }
      }),
    }),
  )

/** Rows as a long training leaves them, faster than by logging: value 0 at each step but for the spikes. */
async function plant(steps: number, spikes: Record<number, number>, id = runId): Promise<void> {
  const { db } = database
  const row = { projectId: stage.project.id, runId: id, key: 'loss', points: steps }
  const newest = { lastStep: BigInt(steps - 1), lastAtMs: BigInt(steps - 1), lastValue: spikes[steps - 1] ?? 0 }
  const [metric] = await db
    .insert(tables.metric)
    .values({ ...row, ...newest })
    .returning({ id: tables.metric.id })
  if (!metric) throw new Error('the metric was not returned')
  await db.execute(sql`
    insert into metric_point (metric_id, at_ms, step, value)
    select ${metric.id}, step, step, coalesce((${JSON.stringify(spikes)}::jsonb ->> step::text)::float8, 0)
    from generate_series(0, ${steps - 1}) step`)
  await rebuildRollups(db, { metricIds: [metric.id] })
}
const one = async (range: SeriesRange = {}) => {
  const [series] = await readSeries(stage.as('viewer'), { project, runId, ...range })
  if (!series) throw new Error('there is no series')
  return series
}
const numbers = (values: (number | null)[]) => values.map(Number)

test('a planted spike is seen at every zoom, and a bucket holds what its range holds', async () => {
  const steps = 150_000
  const spike = 123_457
  await plant(steps, { [spike]: 1000, [spike + 1]: -1000 })
  for (let width = steps; width >= 4; width = Math.floor(width / 7)) {
    const fromStep = Math.max(0, spike - Math.floor(width / 3))
    const series = await one({ fromStep, toStep: fromStep + width - 1 })
    expect(series.steps.length).toBeLessThanOrEqual(1000)
    expect(Math.max(...numbers(series.max))).toBe(1000)
    expect(Math.min(...numbers(series.min))).toBe(-1000)
    const seen = series.count.reduce((sum, count) => sum + count, 0)
    const asked = Math.min(width, steps - fromStep)
    expect(seen).toBeGreaterThanOrEqual(asked)
    expect(seen).toBeLessThanOrEqual(asked + (2 * asked) / 100 + 64)
    if (width < 64_000) expect(seen).toBe(asked)
  }
  const beside = await one({ fromStep: spike + 64, toStep: spike + 40_000 })
  expect(Math.max(...numbers(beside.max))).toBe(0)
  expect((await one({ fromStep: steps, toStep: steps + 5 })).steps).toEqual([])
})

test('very many points at one step are one bucket, whatever the range', async () => {
  await append(Array.from({ length: 3000 }, (_, index) => ({ step: 7, value: index, atMs: index })))
  for (const range of [{}, { fromStep: 7, toStep: 7 }]) {
    expect(await one(range)).toMatchObject({ steps: [7], min: [0], max: [2999], count: [3000], last: [2999] })
  }
})

test('steps below zero, beyond 2^53 and far apart, and values that are no numbers', async () => {
  const edge = 2n ** 63n
  await append([
    { step: -edge, value: 1, atMs: 1 },
    { step: -5, value: Number.NaN, atMs: 2 },
    { step: edge - 1n, value: Number.POSITIVE_INFINITY, atMs: 3 },
  ])
  const series = await one()
  expect(series).toMatchObject({ min: [1, null, null], sum: [1, 0, 0], finite: [1, 0, 0], last: [1, null, null] })
  await append(Array.from({ length: 2000 }, (_, step) => ({ step: step - 1000, value: step })))
  const long = await one()
  expect(long.count.reduce((sum, count) => sum + count, 0)).toBe(2003)
  expect((await one({ fromStep: -1000, toStep: -990 })).steps).toEqual([
    -1000, -999, -998, -997, -996, -995, -994, -993, -992, -991, -990,
  ])
})

test('what an attempt logs again replaces what was rolled up of the one before', async () => {
  const curve = (from: number, to: number, value: number) =>
    Array.from({ length: to - from }, (_, index) => ({ step: from + index, value }))
  await append(curve(0, 3000, 9), { fence: 1 })
  await database.db.transaction((tx) => dropSupersededPoints(tx, { runId, beforeFence: 2, fromStep: 500 }))
  expect(await one()).toMatchObject({ points: 500, steps: Array.from({ length: 500 }, (_, step) => step) })
  const [left] = await database.db.select().from(tables.metric).where(eq(tables.metric.runId, runId))
  const { metricRollup } = tables
  expect(
    await database.db
      .select()
      .from(metricRollup)
      .where(eq(metricRollup.metricId, left?.id ?? 0)),
  ).toEqual([])
  await append(curve(500, 3000, 1), { fence: 2 })
  const series = await one()
  expect(series.points).toBe(3000)
  expect(series.count.reduce((sum, count) => sum + count, 0)).toBe(3000)
  expect(series.sum.reduce((sum, part) => sum + part, 0)).toBe(500 * 9 + 2500)
  expect(series.max.at(-1)).toBe(1)
})

test('what is left after a part was replaced is rolled up as if nothing else had ever been', async () => {
  await append(
    Array.from({ length: 3000 }, (_, step) => ({ step: step - 100, value: step })),
    { fence: 1 },
  )
  await append([{ step: 2700, value: 7 }])
  await database.db.transaction((tx) => dropSupersededPoints(tx, { runId, beforeFence: 2, fromStep: 2001 }))
  const [metric] = await database.db.select().from(tables.metric).where(eq(tables.metric.runId, runId))
  expect(metric).toMatchObject({ points: 2102, lastValue: 7 })
  const { metricRollup: rollup } = tables
  const stored = () =>
    database.db
      .select()
      .from(rollup)
      .where(eq(rollup.metricId, metric?.id ?? 0))
      .orderBy(rollup.level, rollup.bucket)
  const left = await stored()
  expect(left.length).toBeGreaterThan(30)
  await rebuildRollups(database.db, { metricIds: [metric?.id ?? 0] })
  expect(await stored()).toEqual(left)
})

test('series of several runs come in one go', async () => {
  const ids = [runId, await newRun(), await newRun()]
  for (const [index, id] of ids.entries()) {
    await append(
      [
        { step: index, value: index },
        { key: 'acc', step: 0, value: 1 },
      ],
      { id },
    )
  }
  const found = await readSeriesOfRuns(stage.as('viewer'), { project, runIds: ids, keys: ['loss'] })
  expect(found.map(({ runId: id, steps }) => [id, steps])).toEqual(ids.map((id, index) => [id, [index]]))
  expect(await readSeriesOfRuns(stage.stranger, { project: 'digits-b', runIds: ids })).toEqual([])
  await expect(readSeries(stage.as('viewer'), { project, runId, fromStep: 0.5 })).rejects.toMatchObject({
    code: 'invalid',
    field: 'fromStep',
  })
})

test('a history is walked by page, exact and in the order of time, step and value', async () => {
  const values = [Number.NaN, Number.NEGATIVE_INFINITY, 1, 0, Number.POSITIVE_INFINITY]
  const points = Array.from({ length: 57 }, (_, index) => {
    return { step: BigInt(index % 3) + 2n ** 60n, value: values[index % 5] ?? 0, atMs: index % 4 }
  })
  await append(points)
  const walk = async (limit: number) => {
    const seen: string[] = []
    let after: Awaited<ReturnType<typeof readMetricHistory>>['next'] | undefined
    do {
      const ref = { project, runId, key: 'loss', limit }
      const page = await readMetricHistory(stage.as('viewer'), after ? { ...ref, after } : ref)
      seen.push(...page.points.map(({ atMs, step, value }) => `${atMs} ${step} ${value}`))
      after = page.next
    } while (after)
    return seen
  }
  const whole = await walk(1000)
  expect(whole).toHaveLength(new Set(points.map(({ atMs, step, value }) => `${atMs} ${step} ${value}`)).size)
  expect(whole[0]).toBe('0 1152921504606846976 -Infinity')
  for (const limit of [1, 7, whole.length]) expect(await walk(limit)).toEqual(whole)
})

test('a long metric is sampled with its extremes and its end, a short one comes whole', async () => {
  const short = await newRun()
  await plant(20_000, { 4711: 50, 4712: -50, 19999: 3 })
  await append(
    [
      { step: 1, value: 1 },
      { step: 2, value: 2 },
    ],
    { id: short },
  )
  const ask = { project, runIds: [runId, short], key: 'loss', limit: 300 }
  const sampled = await sampleMetricHistories(stage.as('viewer'), ask)
  const mine = sampled.filter((point) => point.runId === runId)
  expect(mine.length).toBeLessThanOrEqual(300)
  expect(mine.at(-1)).toMatchObject({ step: 19_999n, value: 3 })
  expect(mine.map(({ value }) => value)).toEqual(expect.arrayContaining([50, -50]))
  expect(sampled.filter((point) => point.runId === short).map(({ value }) => value)).toEqual([1, 2])
  const zoomed = await sampleMetricHistories(stage.as('viewer'), { ...ask, fromStep: 4710n, toStep: 4713n })
  expect(zoomed.map(({ step, value }) => [step, value])).toEqual([
    [4710n, 0],
    [4711n, 50],
    [4712n, -50],
    [4713n, 0],
  ])
  const both = await readMetricHistories(stage.as('viewer'), { ...ask, limit: 20_001 })
  expect([both.length, both.at(-1)?.runId]).toEqual([20_001, short])
})
