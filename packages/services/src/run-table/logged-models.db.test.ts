import { RunPage } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logOutputs } from '../input/log-inputs.ts'
import { createModel } from '../model/create.ts'
import { registerFromSource } from '../model/register-from-source.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { type RegistryStage, registryStage } from '../testing/registry.ts'
import { readRunPage } from './page.ts'

const project = 'digits'
let database: TestDatabase
let stage: TestStage
let logged: RegistryStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  logged = registryStage(database.db, stage)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

test('the page of a run lists the models it wrote, with the versions made from them and nothing that was deleted', async () => {
  const [{ id: runId }, { id: other }] = [await logged.run(), await logged.run()]
  const files = { MLmodel: 'flavors: {}', 'model.pkl': '1' }
  const source = await logged.loggedModel(files, { runId, name: 'sorter' })
  stage.clock.advance(1_000)
  const output = await logged.loggedModel(files, { runId: other, name: 'finder' })
  const gone = await logged.loggedModel(files, { runId })
  await database.db.update(tables.loggedModel).set({ deletedAt: new Date() }).where(eq(tables.loggedModel.id, gone.id))
  await logOutputs(stage.as('editor'), { project, runId, models: [{ id: output.id, step: 12n }] })
  await createModel(stage.as('editor'), { project, model: 'letters', description: '' })
  const unsaid = { runId: null, loggedModelId: null, tags: [], runLink: '', description: '' }
  await registerFromSource(stage.as('editor'), {
    project,
    model: 'letters',
    source: `models:/m-${source.hex}`,
    ...unsaid,
  })
  const page = RunPage.parse(await readRunPage(stage.as('viewer'), { project, runId }))
  expect(page.loggedModels).toMatchObject([
    { id: `m-${output.hex}`, name: 'finder', status: 'ready', step: '12', versions: [] },
    { id: `m-${source.hex}`, name: 'sorter', step: null, versions: [{ model: 'letters', version: 1 }] },
  ])
  expect((await readRunPage(stage.as('viewer'), { project, runId: other })).loggedModels).toHaveLength(1)
})
