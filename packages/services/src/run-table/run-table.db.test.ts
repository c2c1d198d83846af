import { ComparedRun, RunGroup, RunRow, RunsQuery } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorOf } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { compareRuns } from './compare.ts'
import { groupRunRows, listRunExperiments, listRunKeys } from './group.ts'
import { countRunRows, listRunRows, readRunRows } from './list.ts'

let database: TestDatabase
let stage: TestStage
let ids: string[]
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  ids = [
    await logged('a', { params: { lr: '0.1', seed: '1' }, metrics: { f1: 0.5, loss: Number.NaN } }),
    await logged('b', { params: { lr: '0.1' }, metrics: { f1: 0.75 } }),
    await logged('c', { params: { lr: '0.01' }, metrics: { f1: Number.POSITIVE_INFINITY } }),
    await logged('d', { params: {}, metrics: { f1: 1 } }),
  ]
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

async function logged(name: string, more: { params: Record<string, string>; metrics: Record<string, number> }) {
  const { db, newId, now, principal } = stage.as('editor')
  stage.clock.advance(1000)
  const projectId = stage.project.id
  const [experiment] = await db.select().from(tables.experiment).where(eq(tables.experiment.projectId, projectId))
  const id = newId('run')
  const at = { createdAt: now(), startedAt: now(), endedAt: now() }
  const by = { createdBy: actorOf(principal), userName: 'ann' }
  const status = name === 'd' ? ('running' as const) : ('finished' as const)
  await db.insert(tables.run).values({ id, projectId, experimentId: experiment?.id ?? '', name, status, ...at, ...by })
  const params = Object.entries(more.params).map(([key, value]) => ({ runId: id, projectId, key, value }))
  if (params.length > 0) await db.insert(tables.runParam).values(params)
  const metrics = Object.entries(more.metrics).map(([key, lastValue]) => ({
    ...{ runId: id, projectId, key, lastValue, lastStep: 1n, lastAtMs: 1n, points: 1 },
  }))
  await db.insert(tables.metric).values(metrics)
  return id
}

const viewer = () => stage.as('viewer')
const asked = (more: Partial<RunsQuery> = {}) => RunsQuery.parse({ project: 'digits', ...more })
const rows = async (more: { filter?: string; sort?: string; limit?: number; cursor?: string } = {}) => {
  const columns = ['params.lr', 'metrics.f1', 'metrics.loss']
  const page = await listRunRows(viewer(), { ...asked(), sort: '', columns, limit: 200, ...more })
  return { ...page, items: RunRow.array().parse(page.items) }
}

describe('the runs table', () => {
  test('shows the wanted columns, what is not finite by its name, the newest first', async () => {
    const { items } = await rows()
    expect(items.map(({ name }) => name)).toEqual(['d', 'c', 'b', 'a'])
    expect(items[3]).toMatchObject({ user: 'ann', experiment: 'Default' })
    expect(items.map(({ values }) => values)).toEqual([
      { 'metrics.f1': 1 },
      { 'params.lr': '0.01', 'metrics.f1': 'Infinity' },
      { 'params.lr': '0.1', 'metrics.f1': 0.75 },
      { 'params.lr': '0.1', 'metrics.f1': 0.5, 'metrics.loss': 'NaN' },
    ])
  })

  test('filters in MLflow’s language and says where a filter breaks', async () => {
    const { items } = await rows({ filter: "params.lr = '0.1' and metrics.f1 > 0.6" })
    expect(items.map(({ name }) => name)).toEqual(['b'])
    await expect(rows({ filter: 'metrics.f1 >' })).rejects.toMatchObject({ code: 'invalid', field: 'filter' })
    await expect(countRunRows(viewer(), asked({ filter: 'nonsense' }))).rejects.toMatchObject({ field: 'filter' })
  })

  test('sorts by any column and pages without loss', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await rows({ sort: '-metrics.f1', limit: 1, cursor })
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['c', 'd', 'b', 'a'])
    await expect(rows({ sort: 'nothing' })).rejects.toMatchObject({ code: 'invalid', field: 'sort' })
  })

  test('counts, reads the same rows again, and keeps others out', async () => {
    expect(await countRunRows(viewer(), asked())).toEqual({ total: 4, running: 1 })
    expect(await countRunRows(viewer(), asked({ filter: "params.lr = '0.1'" }))).toEqual({ total: 2, running: 0 })
    expect(await countRunRows(viewer(), asked({ experiment: 12345 }))).toEqual({ total: 0, running: 0 })
    const again = { project: 'digits', runIds: ids.slice(0, 2), columns: ['metrics.f1'] }
    expect((await readRunRows(viewer(), again)).map(({ name }) => name)).toEqual(['a', 'b'])
    const foreign = readRunRows(stage.stranger, { ...again, project: 'digits-b' })
    await expect(foreign).rejects.toMatchObject({ code: 'not_found', field: 'runIds' })
    await expect(readRunRows(stage.stranger, again)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('groups with one metric over each group, of its finite values', async () => {
    const groups = await groupRunRows(viewer(), { ...asked(), by: 'params.lr', metric: 'f1' })
    expect(RunGroup.array().parse(groups)).toEqual([
      { value: '0.1', runs: 2, running: 0, failed: 0, measured: 2, mean: 0.625, min: 0.5, max: 0.75 },
      { value: '0.01', runs: 1, running: 0, failed: 0, measured: 0, mean: null, min: null, max: null },
      { value: null, runs: 1, running: 1, failed: 0, measured: 1, mean: 1, min: 1, max: 1 },
    ])
    const byState = await groupRunRows(viewer(), { ...asked(), by: 'attributes.status' })
    expect(byState.map(({ value, runs }) => [value, runs])).toEqual([
      ['FINISHED', 3],
      ['RUNNING', 1],
    ])
    const byExperiment = await groupRunRows(viewer(), { ...asked(), by: 'attributes.experiment' })
    expect(byExperiment).toMatchObject([{ value: 'Default', runs: 4 }])
    await expect(groupRunRows(viewer(), { ...asked(), by: 'metrics.f1' })).rejects.toMatchObject({ field: 'by' })
  })

  test('knows what columns there are', async () => {
    const keys = await listRunKeys(viewer(), { project: 'digits' })
    expect(keys.params).toEqual([
      { key: 'lr', runs: 3 },
      { key: 'seed', runs: 1 },
    ])
    expect(keys.metrics.map(({ key }) => key)).toEqual(['f1', 'loss'])
    expect(await listRunExperiments(viewer(), { project: 'digits' })).toEqual([{ number: 0, name: 'Default', runs: 4 }])
  })
})

test('runs are compared in the order they were named, and foreign ones are not found', async () => {
  const [a = '', b = ''] = ids
  const compared = ComparedRun.array().parse(await compareRuns(viewer(), { project: 'digits', runIds: [b, a, b] }))
  expect(compared.map(({ name, params }) => [name, params.seed])).toEqual([
    ['b', undefined],
    ['a', '1'],
  ])
  expect(compared[1]?.metrics).toEqual({ f1: 0.5, loss: 'NaN' })
  const foreign = { project: 'digits-b', runIds: [a] }
  await expect(compareRuns(stage.stranger, foreign)).rejects.toMatchObject({ code: 'not_found', field: 'runIds' })
})
