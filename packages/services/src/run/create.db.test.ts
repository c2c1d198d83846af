import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { watchStatements } from '@modelyard/db/testing/statements'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStage, testStage } from '../testing/context.ts'
import { readRun } from './change.ts'
import { createRun } from './create.ts'

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

test('a run that is begun is answered as it is read', async () => {
  const startedAt = new Date('2026-03-02T10:00:00.123Z')
  const tags = ['b', 'mlflow.user', 'Z', 'a', 'mlflow.runName'].map((key) => ({ key, value: `${key}, "quoted" \\ {}` }))
  const told = { userName: 'ada', startedAt, tags }
  for (const more of [{}, told]) {
    const made = await createRun(stage.as('editor'), { project: 'digits', experiment: 0, ...more })
    expect(made).toEqual(await readRun(stage.as('viewer'), { project: 'digits', runId: made.id }))
  }
})

test('a run takes four statements behind the door', async () => {
  const ctx = { ...stage.as('editor'), scope: { project: stage.project, role: 'editor' as const } }
  const sent = watchStatements(database.pool)
  await createRun(ctx, { project: 'digits', experiment: 0, tags: [{ key: 'a', value: '1' }] })
  const said = sent.map((text) => text.trim().split('(')[0])
  expect(said).toEqual(['begin', 'select begin_run', 'select append_ledger', 'commit'])
})
