import { RunsView, SavedView } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStage, testStage } from '../testing/context.ts'
import { deleteView } from './delete.ts'
import { listViews } from './list.ts'
import { saveView } from './save.ts'

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

const page = 'runs' as const
let keys = 0
const key = () => `key-of-views-${++keys}`
const views = async () => SavedView.array().parse(await listViews(stage.as('viewer'), { project: 'digits', page }))
const save = (name: string, settings: Partial<RunsView> = {}) =>
  saveView(stage.as('editor'), {
    ...{ project: 'digits', page, name, settings: RunsView.parse(settings), idempotencyKey: key() },
  })

test('a view is kept under its name, replaced under it, seen by all of the project, and in the ledger', async () => {
  const first = await save('best', { q: 'metrics.f1 > 0.9', columns: ['metrics.f1', 'params.of a key, "gone"'] })
  const second = await save('best', { sort: '-metrics.f1' })
  expect(second.id).toBe(first.id)
  expect(await views()).toEqual([second])
  expect(second.settings).toMatchObject({ q: '', sort: '-metrics.f1', columns: [] })
  await deleteView(stage.as('editor'), { project: 'digits', viewId: first.id, idempotencyKey: key() })
  expect(await views()).toEqual([])
  const noted = await database.db.select().from(tables.ledgerEntry).where(eq(tables.ledgerEntry.targetId, first.id))
  expect(noted.map(({ action }) => action)).toEqual(['view.saved', 'view.saved', 'view.deleted'])
})

test('settings that an older release wrote still open', async () => {
  const { id } = await save('old')
  await database.db
    .update(tables.savedView)
    .set({ settings: { q: 7 } })
    .where(eq(tables.savedView.id, id))
  expect((await views()).find((view) => view.id === id)?.settings).toEqual(RunsView.parse({}))
})

test('viewers save nothing, and another project has no such view', async () => {
  const { id } = await save('mine')
  const gone = { viewId: id, idempotencyKey: key() }
  await expect(deleteView(stage.as('viewer'), { project: 'digits', ...gone })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(deleteView(stage.stranger, { project: 'digits-b', ...gone })).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await listViews(stage.stranger, { project: 'digits-b', page })).toEqual([])
})
