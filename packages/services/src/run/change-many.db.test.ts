import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { searchRuns } from '../search/runs.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { deleteRun } from './change.ts'
import { changeRuns } from './change-many.ts'
import { createRun } from './create.ts'

let database: TestDatabase
let stage: TestStage
let ids: string[]
let keys = 0
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
beforeEach(async () => {
  const made = []
  for (const name of ['a', 'b', 'c']) made.push(await createRun(editor(), { project: 'digits', experiment: 0, name }))
  ids = made.map(({ id }) => id)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const editor = () => stage.as('editor')
type Wanted = Parameters<typeof changeRuns>[1]['change']
const change = (runIds: string[], wanted: Wanted, by = editor()) =>
  changeRuns(by, { project: 'digits', runIds, change: wanted, idempotencyKey: `many-of-runs-${++keys}` })
const tag = { kind: 'tag', key: 'team', value: 'vision' } as const
const shown = async (filter: string, view: 'active' | 'deleted' = 'active') =>
  (await searchRuns(editor(), { project: 'digits', filter, view, limit: 10 })).items.map(({ id }) => id)
const newestNote = async () => {
  const { ledgerEntry } = tables
  const [note] = await database.db.select().from(ledgerEntry).orderBy(desc(ledgerEntry.seq)).limit(1)
  return note
}

describe('many runs at once', () => {
  test('are deleted and restored under one entry that names those it changed', async () => {
    await deleteRun(editor(), { project: 'digits', runId: ids[0] ?? '' })
    expect(await change(ids, { kind: 'delete' })).toEqual({ changed: 2, unchanged: 1 })
    expect(await newestNote()).toMatchObject({ action: 'runs.deleted', summary: '2 runs deleted' })
    expect((await newestNote())?.detail).toMatchObject({ runIds: expect.arrayContaining(ids.slice(1)) })
    expect((await shown('', 'deleted')).toSorted()).toEqual(expect.arrayContaining(ids.toSorted()))
    expect(await change(ids, { kind: 'restore' })).toEqual({ changed: 3, unchanged: 0 })
    expect(await shown('', 'deleted')).not.toContain(ids[0])
  })

  test('carry a tag that searches find at once, also where they kept the run before', async () => {
    expect(await shown("tags.team = 'vision'")).toEqual([])
    expect(await change(ids, tag)).toEqual({ changed: 3, unchanged: 0 })
    const { items } = await searchRuns(editor(), { project: 'digits', filter: "tags.team = 'vision'", limit: 10 })
    expect(items.map(({ tags }) => tags.find(({ key }) => key === 'team')?.value)).toEqual(Array(3).fill('vision'))
    const before = await newestNote()
    expect(await change(ids, tag)).toEqual({ changed: 0, unchanged: 3 })
    expect(await newestNote()).toEqual(before)
    expect(await change(ids, { ...tag, value: 'text' })).toEqual({ changed: 3, unchanged: 0 })
    await change(ids, { kind: 'delete' })
  })

  test('change all or none: a deleted or foreign one among them refuses them all', async () => {
    await deleteRun(editor(), { project: 'digits', runId: ids[2] ?? '' })
    await expect(change(ids, tag)).rejects.toMatchObject({ code: 'invalid', field: 'runIds' })
    await expect(change([...ids, `run_${'0'.repeat(26)}`], { kind: 'delete' })).rejects.toMatchObject({
      ...{ code: 'not_found', field: 'runIds' },
    })
    await expect(change(ids.slice(0, 1), { ...tag, key: 'mlflow.runName' })).rejects.toMatchObject({ field: 'key' })
    const { run, runTag } = tables
    const rows = await database.db
      .select()
      .from(runTag)
      .where(and(inArray(runTag.runId, ids), eq(runTag.key, 'team')))
    const kept = await database.db
      .select()
      .from(run)
      .where(inArray(run.id, ids.slice(0, 2)))
    expect([rows.length, ...kept.map(({ deletedAt }) => deletedAt)]).toEqual([0, null, null])
  })

  test('are not for those who only read', async () => {
    await expect(change(ids, { kind: 'delete' }, stage.as('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('a thousand take one transaction of a few statements', async () => {
    const many = Array.from({ length: 1_000 }, () => stage.as('editor').newId('run'))
    const [like] = await database.db
      .select()
      .from(tables.run)
      .where(eq(tables.run.id, ids[0] ?? ''))
    if (!like) throw new Error('the run is gone')
    await database.db.insert(tables.run).values(many.map((id) => ({ ...like, id })))
    expect(await change(many, tag)).toEqual({ changed: 1_000, unchanged: 0 })
    expect(await change(many, { kind: 'delete' })).toEqual({ changed: 1_000, unchanged: 0 })
  })
})
