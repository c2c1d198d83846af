import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { runSeeder } from '../testing/runs.ts'
import { type SearchRuns, searchRuns, searchRunTexts } from './runs.ts'

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

test('a page that would not fit into memory ends earlier, and its cursor leads to the rest', async () => {
  const { addRun } = runSeeder(stage)
  const params = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, 'x'.repeat(6000)]))
  const made: string[] = []
  for (let index = 0; index < 20; index++) made.push(await addRun({ name: `run ${index}`, params }))
  const searchTexts = (ctx: Ctx, asked: SearchRuns) => searchRunTexts(ctx, asked, (run) => JSON.stringify(run))
  for (const search of [searchRuns, searchTexts]) {
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const asked = { project: 'digits', limit: 50_000, orderBy: ['run_id ASC'], cursor }
      const page = await search(stage.as('viewer'), asked)
      pages.push(page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(pages.map(({ length }) => length)).toEqual([13, 7])
    expect(pages.flat()).toEqual(made)
  }
})
