import { DatasetVersion, RegisterDataset } from '@modelyard/contracts'
import { insertBlobAccess, listLedger } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { loadFeatureColumns, loadSplit } from './load.ts'
import { getDatasetVersion, listDatasets } from './read.ts'
import { registerDataset } from './register.ts'

let database: TestDatabase
let stage: TestStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

/** Three classes around their own corners, 60 rows, no two alike. */
function flowers(rows = 60): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const kind = row % 3
    const wobble = ((row * 7919) % 101) / 10
    return `${kind * 3 + wobble},${row},${row % 5 === 0 ? '' : wobble},${['rose', 'tulip', 'iris'][kind]}`
  })
  return `width,height,depth,kind\n${lines.join('\n')}\n`
}
async function store(text: string, projectId = stage.project.id): Promise<string> {
  const ctx = stage.as('editor')
  const blob = await ctx.blobs.put(Buffer.from(text))
  await insertBlobAccess(ctx.db, { projectId, ...blob, now: ctx.now() })
  return blob.sha256
}
const split = { kind: 'stratified', train: 0.6, validation: 0.2, test: 0.2, seed: 7 } as const
let keys = 0
async function register(text: string, more: object = {}, ctx: Ctx = stage.as('editor')) {
  const sha256 = await store(text)
  const input = { project: 'digits', name: 'flowers', sha256, format: 'csv', labelColumn: 'kind', split }
  return registerDataset(ctx, RegisterDataset.parse({ ...input, idempotencyKey: `key-${keys++}-0000`, ...more }))
}

test('a table becomes a version with profile, gates and a recorded split', async () => {
  const version = await register(flowers(), { thresholds: { maxMissingRatio: 0.25 }, licence: 'CC0' })
  expect(DatasetVersion.parse(version)).toMatchObject({
    name: 'flowers',
    version: 1,
    rows: 60,
    classes: ['iris', 'rose', 'tulip'],
    licence: 'CC0',
    blocked: false,
    split: { ...split, parts: { train: { rows: 36, classCounts: { iris: 12, rose: 12, tulip: 12 } } } },
    usedBy: { runs: [], modelVersions: [] },
  })
  expect(version.columns.map(({ name, type, missing }) => [name, type, missing])).toEqual([
    ['width', 'number', 0],
    ['height', 'integer', 0],
    ['depth', 'number', 12],
    ['kind', 'text', 0],
  ])
  expect(version.gates.every(({ pass }) => pass)).toBe(true)
  expect(version.leakage.map(({ gate, pass }) => [gate, pass])).toEqual([
    ['same_row', true],
    ['label_in_feature', true],
  ])
  const rows = await loadSplit(stage.as('viewer'), version.id)
  expect([...rows.train, ...rows.validation, ...rows.test].sort((a, b) => a - b)).toEqual([...Array(60).keys()])
  const train = await loadFeatureColumns(stage.as('viewer'), { datasetVersionId: version.id, part: 'train' })
  expect(train.names).toEqual(['width', 'height', 'depth'])
  expect([...(train.columns[1] ?? [])]).toEqual(rows.train)
  expect(train.labels).toEqual(rows.train.map((row) => ['rose', 'tulip', 'iris'][row % 3]))
  expect(Number.isNaN(train.columns[2]?.[rows.train.findIndex((row) => row % 5 === 0)])).toBe(true)
  expect(await loadFeatureColumns(stage.as('viewer'), { datasetVersionId: version.id, part: 'train' })).toBe(train)
  const [entry] = await listLedger(database.db, { projectId: stage.project.id, limit: 1 })
  expect(entry).toMatchObject({ action: 'dataset.registered', targetId: version.id })
})

test('the same bytes with the same settings are the same version; other settings are the next', async () => {
  const name = 'again'
  const [one, two] = await Promise.all([register(flowers(), { name }), register(flowers(), { name })])
  expect(two.id).toBe(one.id)
  expect(await register(flowers(), { name, description: 'other words' })).toMatchObject({ id: one.id, version: 1 })
  expect(await register(flowers(), { name, split: { ...split, seed: 8 } })).toMatchObject({ version: 2 })
  expect(await register(flowers(63), { name })).toMatchObject({ version: 3 })
  const found = (await listDatasets(stage.as('viewer'), { project: 'digits' })).find((item) => item.name === name)
  expect(found).toMatchObject({ versions: 3, latest: { version: 3, rows: 63, columns: 4 } })
  const second = await getDatasetVersion(stage.as('viewer'), { project: 'digits', name, version: 2 })
  expect(second.split.seed).toBe(8)
})

test('a repeated key gives the first answer, and another request under it is refused', async () => {
  const key = { name: 'keyed', idempotencyKey: 'the-same-key' }
  const first = await register(flowers(), key)
  expect((await register(flowers(), key)).id).toBe(first.id)
  await expect(register(flowers(), { ...key, licence: 'MIT' })).rejects.toMatchObject({ code: 'mismatch' })
})

describe('what is wrong with the data is seen and blocks', () => {
  const failed = (version: DatasetVersion) =>
    [...version.gates, ...version.leakage].filter(({ pass }) => !pass).map(({ gate }) => gate)

  test('missing values, duplicates and rows on both sides', async () => {
    const [header = '', ...rows] = flowers().trim().split('\n')
    const version = await register([header, ...rows, ...rows].join('\n'), { name: 'twice' })
    expect(version.blocked).toBe(true)
    expect(failed(version)).toEqual(['missing', 'duplicates', 'same_row'])
  })

  test('a column that gives the label away', async () => {
    const text = flowers().replaceAll(/,(\w+)$/gm, (_, kind) => `,${kind},${kind === 'kind' ? 'code' : kind.length}`)
    const renamed = text.replaceAll('tulip,5', 'tulip,9')
    const version = await register(renamed, { name: 'leaky', thresholds: { maxMissingRatio: 0.5 } })
    expect(failed(version)).toEqual([])
    const tell = flowers().replaceAll(/,(\w+)$/gm, (_, kind) => `,${kind},${kind === 'kind' ? 'code' : `${kind}!`}`)
    const leaky = await register(tell, { name: 'leaky', thresholds: { maxMissingRatio: 0.5 } })
    expect(failed(leaky)).toEqual(['label_in_feature'])
    expect(leaky.leakage.at(-1)).toMatchObject({ observed: 1, detail: expect.stringContaining('code') })
  })

  test('classes out of balance, and too few of one', async () => {
    const rows = Array.from({ length: 80 }, (_, row) => `${(row * 37) % 80},${row < 3 ? 'rare' : 'common'}`)
    expect(failed(await register(['x,kind', ...rows].join('\n'), { name: 'rare' }))).toEqual([
      'class_entropy',
      'class_minimum',
    ])
  })
})

test('a group split keeps groups together', async () => {
  const rows = Array.from({ length: 90 }, (_, row) => `${row},w${row % 9},${row % 2}`)
  const grouped = { ...split, kind: 'group', groupColumn: 'writer' } as const
  const version = await register(['x,writer,kind', ...rows].join('\n'), { name: 'grouped', split: grouped })
  const parts = await loadSplit(stage.as('viewer'), version.id)
  const writers = Object.values(parts).map((list) => new Set(list.map((row) => row % 9)))
  expect(writers.reduce((sum, set) => sum + set.size, 0)).toBe(9)
  expect(version.leakage.map(({ gate, pass }) => [gate, pass])).toContainEqual(['group_overlap', true])
})

test.each([
  [{ labelColumn: 'species' }, 'there is no column "species"; there are "width", "height", "depth", "kind"'],
  [{ split: { ...split, kind: 'group', groupColumn: 'writer' } }, 'there is no column "writer"'],
  [{ split: { ...split, kind: 'group' } }, 'needs the name of the group column'],
  [{ split: { ...split, train: 0.9 } }, 'sum to 1'],
  [{ labelColumn: 'depth' }, 'row 1 below the header has no label in "depth"'],
  [{ format: 'csv.gz' }, 'not gzip'],
])('%j is refused in words', async (more, message) => {
  await expect(register(flowers(), { name: 'bad', ...more })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(message),
  })
})

test('cells separated by semicolons are guessed', async () => {
  await expect(register(flowers().replaceAll(',', ';'), { name: 'bad' })).rejects.toThrow('separated by commas')
})

test('hostile names and values are only text', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => `"<script>${row}'; drop table--",${row % 2 ? '__proto__' : 'b'}`)
  const version = await register(['constructor,kind', ...rows].join('\n'), { name: 'hostile' })
  expect(version.columns[0]).toMatchObject({ name: 'constructor', type: 'text', distinct: 60 })
  expect(version.classes).toEqual(['__proto__', 'b'])
})

test('only members with the right see or write, and only blobs of the project are read', async () => {
  await expect(register(flowers(), {}, stage.as('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
  await expect(register(flowers(), {}, stage.stranger)).rejects.toMatchObject({ code: 'not_found' })
  const version = await register(flowers(), { name: 'private' })
  await expect(
    registerDataset(
      stage.stranger,
      RegisterDataset.parse({ ...version, project: 'digits-b', format: 'csv', idempotencyKey: 'stranger-1' }),
    ),
  ).rejects.toMatchObject({ code: 'not_found', field: 'sha256' })
  const wanted = { project: 'digits-b', id: version.id }
  await expect(getDatasetVersion(stage.stranger, wanted)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listDatasets(stage.stranger, { project: 'digits-b' })).toEqual([])
})
