import { CompareModelVersions, ModelComparison } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ModelStage, modelStage } from '../testing/models.ts'
import { compareModelVersions } from './read.ts'

const project = 'digits'
let database: TestDatabase
let stage: ModelStage
let ids: string[]
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  const first = await stage.train({ report: { accuracy: 0.91 } })
  const second = await stage.train({ report: { accuracy: 0.97 }, features: 3 })
  const params = [first, second].map(({ job }, at) => [
    { runId: job.runId, projectId: stage.project.id, key: 'lr', value: String(at) },
    { runId: job.runId, projectId: stage.project.id, key: 'epochs', value: '5' },
  ])
  await database.db.insert(tables.runParam).values(params.flat())
  ids = [(await first.register()).id, (await second.register()).id]
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const compare = async (change: object = {}, ctx = stage.as('viewer')) =>
  ModelComparison.parse(
    await compareModelVersions(ctx, CompareModelVersions.parse({ project, versions: ids, ...change })),
  )

test('two versions side by side: measurements, gates, parameters, data and signature', async () => {
  const found = await compare()
  expect(found.versions.map(({ id }) => id)).toEqual(ids)
  expect(found.metrics.find(({ name }) => name === 'accuracy')).toMatchObject({ values: [0.91, 0.97], best: [1] })
  expect(found.gates.find(({ gate }) => gate === 'dataset_fit')?.results.map((gate) => gate?.pass)).toEqual([
    true,
    false,
  ])
  expect(found.params).toEqual([
    { name: 'epochs', values: ['5', '5'], differs: false },
    { name: 'lr', values: ['0', '1'], differs: true },
  ])
  expect(found.facts.find(({ name }) => name === 'dataset')).toMatchObject({
    values: ['rows v1', 'rows v1'],
    differs: false,
  })
  expect(found.signature).toMatchObject([
    { side: 'input', name: 'x', values: ['float32[N, 2]', 'float32[N, 3]'], differs: true },
    { side: 'output', name: 'p', differs: false },
  ])
})

test('the columns stand as they were asked for, the baseline where it is named', async () => {
  const found = await compare({ versions: ids.toReversed(), baseline: ids[0] })
  expect(found.baseline).toBe(1)
  expect(found.metrics.find(({ name }) => name === 'accuracy')?.deltas[0]).toBeCloseTo(0.06)
})

test('versions of others, one alone, one twice and eleven are refused', async () => {
  const nobody = `mv_${'0'.repeat(26)}`
  await expect(compare({ versions: [ids[0], nobody] })).rejects.toMatchObject({ code: 'not_found', field: 'versions' })
  await expect(compare({ baseline: nobody })).rejects.toMatchObject({ code: 'invalid', field: 'baseline' })
  await expect(compare({ project: 'digits-b' }, stage.stranger)).rejects.toMatchObject({ code: 'not_found' })
  for (const versions of [[ids[0]], [ids[0], ids[0]], Array.from({ length: 11 }, () => stage.as('admin').newId('mv'))])
    expect(CompareModelVersions.safeParse({ project, versions }).success).toBe(false)
})
