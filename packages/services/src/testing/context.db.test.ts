import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inProject } from '../access.ts'
import { type TestStage, testStage } from './context.ts'

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

test('the people of a stage hold the roles they are named after', async () => {
  expect((await inProject(stage.as('viewer'), 'digits', 'project.read')).role).toBe('viewer')
  await expect(inProject(stage.as('viewer'), 'digits', 'dataset.write')).rejects.toMatchObject({ code: 'forbidden' })
  expect((await inProject(stage.as('deployer'), 'digits', 'model.approve')).role).toBe('deployer')
  await expect(inProject(stage.stranger, 'digits', 'project.read')).rejects.toMatchObject({ code: 'not_found' })
  expect((await inProject(stage.stranger, 'digits-b', 'project.read')).role).toBe('admin')
})

test('time moves only when it is told to, and ids go on counting', () => {
  const ctx = stage.as('editor')
  const before = ctx.now()
  const ids = [ctx.newId('run'), ctx.newId('run')]
  stage.clock.advance(1500)
  expect(ctx.now().getTime() - before.getTime()).toBe(1500)
  expect([...ids].sort()).toEqual(ids)
})
