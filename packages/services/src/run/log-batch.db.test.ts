import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { watchStatements } from '@modelyard/db/testing/statements'
import { type Prng, seededPrng, shuffle } from '@modelyard/domain'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStage, testStage } from '../testing/context.ts'
import { deleteRun, deleteRunTag, readRun, restoreRun, updateRun } from './change.ts'
import { createRun } from './create.ts'
import { readMetricHistory } from './history.ts'
import { type LogBatch, logBatch, type MetricToLog } from './log-batch.ts'

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
  runId = (await createRun(stage.as('editor'), { project: 'digits', experiment: 0 })).id
})

const log = (batch: Omit<LogBatch, 'project' | 'runId'>) =>
  logBatch(stage.as('editor'), { project: 'digits', runId, ...batch })
const read = () => readRun(stage.as('viewer'), { project: 'digits', runId })
const point = (key: string, step: number | bigint, value: number, atMs = 1n): MetricToLog => ({
  key,
  step: BigInt(step),
  value,
  atMs,
})
const pointsOf = async (key: string) =>
  (await readMetricHistory(stage.as('viewer'), { project: 'digits', runId, key, limit: 1e5 })).points

const VALUES = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e308, -1e308, 0.1]
const STEPS = [-(2n ** 63n), 2n ** 63n - 1n, 9007199254740993n, -9007199254740993n, -64n, -65n, -1n, 0n, 63n, 64n]

function randomPoint(prng: Prng, keys: number): MetricToLog {
  const far = prng.below(50) === 0
  return {
    key: `k${prng.below(keys)}`,
    step: far ? (STEPS[prng.below(STEPS.length)] ?? 0n) : BigInt(prng.below(9000) - 500),
    value: prng.below(20) === 0 ? (VALUES[prng.below(VALUES.length)] ?? 0) : prng.unit() * 10 - 5,
    atMs: BigInt(prng.below(3)),
  }
}

/** `mass` is the sum of the magnitudes, to which a sum of doubles is exact in any order. */
type Bucket = {
  count: number
  finite: number
  sum: number
  mass: number
  min: number | null
  max: number | null
  last: string
}
const said = (one: { step: bigint; atMs: bigint; value: number }) => `${one.step} ${one.atMs} ${one.value}`
const isNewer = (a: MetricToLog, b: MetricToLog) =>
  a.step !== b.step
    ? a.step > b.step
    : a.atMs !== b.atMs
      ? a.atMs > b.atMs
      : Number.isNaN(a.value)
        ? !Number.isNaN(b.value)
        : a.value > b.value

/** What the roll-ups of these points are, by a way of counting of its own. */
function bucketsOf(points: readonly MetricToLog[]): Map<string, Bucket> {
  const grouped = new Map<string, MetricToLog[]>()
  for (const one of points) {
    for (const [level, bits] of [6n, 12n, 18n].entries()) {
      const name = `${level + 1} ${one.step >> bits}`
      grouped.set(name, [...(grouped.get(name) ?? []), one])
    }
  }
  return new Map(
    [...grouped].map(([name, members]) => {
      const finite = members.map(({ value }) => value).filter(Number.isFinite)
      const summed = finite.map((value) => Math.max(-1e299, Math.min(1e299, value)))
      return [
        name,
        {
          count: members.length,
          finite: finite.length,
          sum: summed.reduce((sum, value) => sum + value, 0),
          mass: summed.reduce((sum, value) => sum + Math.abs(value), 0),
          min: finite.length > 0 ? Math.min(...finite) : null,
          max: finite.length > 0 ? Math.max(...finite) : null,
          last: said(members.reduce((newest, one) => (isNewer(one, newest) ? one : newest))),
        },
      ]
    }),
  )
}

type Stored = { id: number; key: string; points: number; last: string }
type StoredBucket = Omit<Bucket, 'mass'> & { name: string }

async function expectExact(logged: readonly MetricToLog[]): Promise<void> {
  const metrics = await database.db.execute<Stored>(sql`
    select id, key, points, last_step || ' ' || last_at_ms || ' ' || last_value as last
    from metric where run_id = ${runId}`)
  const expected = new Map(logged.map((one) => [`${one.key} ${said(one)}`, one]))
  expect(metrics.rows.map(({ key }) => key).sort()).toEqual([...new Set(logged.map(({ key }) => key))].sort())
  for (const metric of metrics.rows) {
    const mine = [...expected.values()].filter(({ key }) => key === metric.key)
    expect(metric.points).toBe(mine.length)
    expect(metric.last).toBe(said(mine.reduce((best, one) => (isNewer(one, best) ? one : best))))
    expect(new Set((await pointsOf(metric.key)).map(said))).toEqual(new Set(mine.map(said)))
    await expectRollups(metric.id, mine.length >= 1024 ? bucketsOf(mine) : new Map())
  }
}

async function expectRollups(metricId: number, expected: ReadonlyMap<string, Bucket>): Promise<void> {
  const { rows } = await database.db.execute<StoredBucket>(sql`
    select level || ' ' || bucket as name, count, finite, sum, min, max,
      last_step || ' ' || last_at_ms || ' ' || last_value as last
    from metric_rollup where metric_id = ${metricId}`)
  expect(rows).toHaveLength(expected.size)
  for (const { name, sum, ...row } of rows) {
    const { sum: wanted, mass, ...whole } = expected.get(name) ?? { sum: Number.NaN, mass: 0 }
    expect(row).toEqual(whole)
    expect(Math.abs(sum - wanted)).toBeLessThanOrEqual(1e-12 * mass)
  }
}

test.each([1, 2, 3])(
  'eight writers with shuffled keys and retries: no deadlock, exact points, newest values and roll-ups (seed %i)',
  async (seed) => {
    const prng = seededPrng(seed)
    const batches = Array.from({ length: 16 }, () => Array.from({ length: 400 }, () => randomPoint(prng, seed + 2)))
    const calls = shuffle([...batches, ...batches.slice(0, 6)], prng)
    const writers = Array.from({ length: 8 }, (_, writer) => calls.filter((_, index) => index % 8 === writer))
    await Promise.all(
      writers.map(async (mine, writer) => {
        const own = seededPrng(seed * 100 + writer)
        for (const batch of mine) await log({ metrics: shuffle([...batch], own) })
      }),
    )
    await expectExact(batches.flat())
  },
)

test('a metric that grows past 1024 points one by one has the roll-ups of all of them', async () => {
  const points = Array.from({ length: 1030 }, (_, step) => point('loss', step - 10, Math.sin(step)))
  await log({ metrics: points.slice(0, 1000) })
  for (const one of points.slice(1000)) await log({ metrics: [one] })
  await log({ metrics: points.slice(500).slice(0, 400) })
  await expectExact(points)
})

test('the newest value is that of the highest step, then time, then value', async () => {
  await log({ metrics: [point('a', 5, 1, 9n), point('a', 5, 2, 9n), point('a', 5, 9, 8n), point('a', 4, 99, 99n)] })
  expect((await read()).metrics).toEqual([{ key: 'a', value: 2, step: 5n, atMs: 9n }])
  await log({ metrics: [point('a', 5, 1.5, 9n)] })
  expect((await read()).metrics[0]?.value).toBe(2)
  await log({ metrics: [point('a', 9007199254740993n, Number.NaN, 9007199254740993n)] })
  await log({ metrics: [point('a', 9007199254740993n, Number.NaN, 9007199254740993n)] })
  expect((await read()).metrics).toEqual([
    { key: 'a', value: Number.NaN, step: 9007199254740993n, atMs: 9007199254740993n },
  ])
  expect(await pointsOf('a')).toHaveLength(6)
})

test('a parameter may be said again but not changed, and then nothing of the batch is kept', async () => {
  await log({ params: [{ key: 'lr', value: '0.1' }], tags: [{ key: 'team', value: 'ml' }] })
  await log({ params: [{ key: 'lr', value: '0.1' }] })
  const change = log({
    metrics: [point('loss', 0, 1)],
    params: [
      { key: 'new', value: '1' },
      { key: 'lr', value: '0.2' },
    ],
    tags: [
      { key: 'team', value: 'vision' },
      { key: 'mlflow.runName', value: 'other' },
    ],
  })
  await expect(change).rejects.toMatchObject({ code: 'invalid', field: 'params' })
  await expect(change).rejects.toThrow("key='lr' was already logged with value='0.1'")
  const run = await read()
  expect([run.params, run.tags, run.metrics]).toEqual([
    [{ key: 'lr', value: '0.1' }],
    [{ key: 'team', value: 'ml' }],
    [],
  ])
  expect(run.name).not.toBe('other')
})

test('two writers that give a parameter two values at once: one of them is refused', async () => {
  const both = await Promise.allSettled(['1', '2'].map((value) => log({ params: [{ key: 'lr', value }] })))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a metric of a model stands with the model too; an unknown model takes nothing', async () => {
  const ctx = stage.as('editor')
  const id = ctx.newId('lm')
  const [experiment] = await database.db
    .select()
    .from(tables.experiment)
    .where(eq(tables.experiment.projectId, stage.project.id))
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  const times = { createdAt: ctx.now(), updatedAt: ctx.now() }
  const row = { id, projectId: stage.project.id, experimentId: experiment?.id ?? '', name: 'm', createdBy: by }
  await database.db.insert(tables.loggedModel).values({ ...row, ...times, status: 'ready' })
  const model = { id, datasetName: 'train', datasetDigest: 'd1' }
  const metrics = [{ ...point('acc', 1, 0.5), model }, point('acc', 2, 0.6)]
  await log({ metrics })
  await log({ metrics })
  const { loggedModelMetric: rows } = tables
  expect(await database.db.select().from(rows).where(eq(rows.loggedModelId, id))).toMatchObject([
    { key: 'acc', step: 1n, value: 0.5, runId, datasetName: 'train', datasetDigest: 'd1' },
  ])
  const unknown = { ...model, id: ctx.newId('lm') }
  await expect(
    log({
      metrics: [point('acc', 3, 1), { ...point('acc', 4, 1), model: unknown }],
      params: [{ key: 'p', value: '' }],
    }),
  ).rejects.toMatchObject({ code: 'not_found', field: 'model_id' })
  expect((await read()).params).toEqual([])
  expect(await pointsOf('acc')).toHaveLength(2)
})

test('a batch takes one statement behind the door', async () => {
  const editor = stage.as('editor')
  const ctx = { ...editor, scope: { project: stage.project, role: 'editor' as const } }
  const sent = watchStatements(database.pool)
  await logBatch(ctx, {
    project: 'digits',
    runId,
    metrics: Array.from({ length: 800 }, (_, index) => point(`k${index}`, 0, index)),
    params: Array.from({ length: 100 }, (_, index) => ({ key: `p${index}`, value: '' })),
    tags: Array.from({ length: 100 }, (_, index) => ({ key: `t${index}`, value: '' })),
  })
  expect(sent.map((text) => text.trim().split('(')[0])).toEqual(['select log_batch'])
})

test('a deleted run is read and not written; deleting and restoring may be said again', async () => {
  const ref = { project: 'digits', runId }
  const editor = stage.as('editor')
  await log({ tags: [{ key: 'a', value: '1' }] })
  await deleteRun(editor, ref)
  await deleteRun(editor, ref)
  expect((await read()).deletedAt).not.toBeNull()
  const invalid = { code: 'invalid', field: 'run_id' }
  await expect(log({ metrics: [point('a', 1, 1)] })).rejects.toMatchObject(invalid)
  await expect(updateRun(editor, { ...ref, status: 'finished' })).rejects.toMatchObject(invalid)
  await expect(deleteRunTag(editor, { ...ref, key: 'a' })).rejects.toMatchObject(invalid)
  await restoreRun(editor, ref)
  await restoreRun(editor, ref)
  await deleteRunTag(editor, { ...ref, key: 'a' })
  await expect(deleteRunTag(editor, { ...ref, key: 'a' })).rejects.toMatchObject({ code: 'not_found' })
  expect((await read()).tags).toEqual([])
})

test('a run that rests has ended, one that runs again has not', async () => {
  const editor = stage.as('editor')
  const update = (more: object) => updateRun(editor, { project: 'digits', runId, ...more })
  const endedAt = new Date('2026-03-02T10:00:00.123Z')
  expect(await update({ status: 'finished', endedAt, name: 'renamed' })).toMatchObject({ endedAt, name: 'renamed' })
  expect(await update({ name: '' })).toMatchObject({ endedAt, name: 'renamed', status: 'finished' })
  expect((await update({ status: 'running' })).endedAt).toBeNull()
  expect((await update({ status: 'failed' })).endedAt).toEqual(stage.clock.now())
  expect(await read()).toMatchObject({ status: 'failed', name: 'renamed', endedAt: stage.clock.now() })
})

test('names: one is made up, and two that differ are refused', async () => {
  const editor = stage.as('editor')
  const create = (more: object) => createRun(editor, { project: 'digits', experiment: 0, ...more })
  expect((await create({})).name).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/)
  const tags = [{ key: 'mlflow.runName', value: 'tagged' }]
  expect(await create({ tags })).toMatchObject({ name: 'tagged', tags: [] })
  expect((await create({ tags, name: 'tagged' })).name).toBe('tagged')
  await expect(create({ tags, name: 'named' })).rejects.toMatchObject({ code: 'invalid', field: 'run_name' })
  await expect(create({ experiment: 77_777 })).rejects.toMatchObject({ code: 'not_found' })
})

test('runs of another project are not there', async () => {
  const ref = { project: 'digits-b', runId }
  for (const call of [
    () => readRun(stage.stranger, ref),
    () => logBatch(stage.stranger, { ...ref, metrics: [point('a', 0, 1)] }),
    () => updateRun(stage.stranger, { ...ref, name: 'x' }),
    () => deleteRun(stage.stranger, ref),
    () => deleteRunTag(stage.stranger, { ...ref, key: 'a' }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'not_found' })
  }
  const viewer = logBatch(stage.as('viewer'), { project: 'digits', runId, tags: [{ key: 'a', value: '' }] })
  await expect(viewer).rejects.toMatchObject({ code: 'forbidden' })
  const history = { ...ref, key: 'a', limit: 10 }
  expect(await readMetricHistory(stage.stranger, history)).toEqual({ points: [], next: null })
})
