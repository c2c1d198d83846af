import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listLedger } from '../ledger/list.ts'
import { deleteRun, readRun } from '../run/change.ts'
import { createRun } from '../run/create.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import {
  deleteExperiment,
  deleteExperimentTag,
  renameExperiment,
  restoreExperiment,
  setExperimentTag,
} from './change.ts'
import { createExperiment } from './create.ts'
import { readExperiment, readExperimentByName } from './read.ts'

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

const project = 'digits'
const create = (name: string) => createExperiment(stage.as('editor'), { project, name })
const read = (experiment: number) => readExperiment(stage.as('viewer'), { project, experiment })

test('an experiment has a number, a name that is taken once, and tags', async () => {
  const editor = stage.as('editor')
  const number = await createExperiment(editor, {
    project,
    name: 'sweep one',
    tags: [{ key: 'team', value: 'ml' }],
    artifactLocation: 'file:///etc',
  })
  stage.clock.advance(1000)
  await setExperimentTag(editor, { project, experiment: number, key: 'team', value: 'vision' })
  const found = await readExperimentByName(stage.as('viewer'), { project, name: 'sweep one' })
  expect(found).toMatchObject({
    number,
    tags: [
      { key: 'modelyard.requestedArtifactLocation', value: 'file:///etc' },
      { key: 'team', value: 'vision' },
    ],
  })
  expect(found.updatedAt.getTime() - found.createdAt.getTime()).toBe(1000)
  await deleteExperimentTag(editor, { project, experiment: number, key: 'team' })
  await expect(deleteExperimentTag(editor, { project, experiment: number, key: 'team' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(create('sweep one')).rejects.toMatchObject({ details: { mlflow: 'RESOURCE_ALREADY_EXISTS' } })
})

test('of two that make the same experiment at once, one is told that it exists', async () => {
  const made = await Promise.allSettled(Array.from({ length: 6 }, () => create('race')))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const { reason } of made.filter((one) => one.status === 'rejected')) {
    expect(reason).toMatchObject({ code: 'conflict', details: { mlflow: 'RESOURCE_ALREADY_EXISTS' } })
  }
})

test('deleting takes the runs along, restoring brings all of them back, and the name stays taken', async () => {
  const editor = stage.as('editor')
  const experiment = await create('put away')
  const kept = await createRun(editor, { project, experiment })
  const gone = await createRun(editor, { project, experiment })
  await deleteRun(editor, { project, runId: gone.id })
  await deleteExperiment(editor, { project, experiment })
  expect((await read(experiment)).deletedAt).not.toBeNull()
  expect((await readRun(editor, { project, runId: kept.id })).deletedAt).not.toBeNull()
  await expect(deleteExperiment(editor, { project, experiment })).rejects.toMatchObject({ code: 'not_found' })
  await expect(create('put away')).rejects.toMatchObject({ code: 'conflict' })
  await expect(createRun(editor, { project, experiment })).rejects.toMatchObject({ code: 'invalid' })
  await expect(renameExperiment(editor, { project, experiment, name: 'other' })).rejects.toMatchObject({
    code: 'invalid',
  })
  await restoreExperiment(editor, { project, experiment })
  for (const runId of [kept.id, gone.id]) expect((await readRun(editor, { project, runId })).deletedAt).toBeNull()
  await expect(restoreExperiment(editor, { project, experiment })).rejects.toMatchObject({ code: 'not_found' })
})

test('a new name must be free', async () => {
  const editor = stage.as('editor')
  const experiment = await create('first name')
  await create('taken name')
  await expect(renameExperiment(editor, { project, experiment, name: 'taken name' })).rejects.toMatchObject({
    code: 'conflict',
  })
  await renameExperiment(editor, { project, experiment, name: 'first name' })
  await renameExperiment(editor, { project, experiment, name: 'second name' })
  expect((await read(experiment)).name).toBe('second name')
})

test('changes stand in the ledger; a viewer and a stranger change nothing', async () => {
  const experiment = await create('audited')
  await deleteExperiment(stage.as('editor'), { project, experiment })
  const { items } = await listLedger(stage.as('viewer'), { project, limit: 2 })
  expect(items.map(({ action }) => action)).toEqual(['experiment.deleted', 'experiment.created'])
  await expect(createExperiment(stage.as('viewer'), { project, name: 'no' })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(readExperiment(stage.stranger, { project, experiment })).rejects.toMatchObject({ code: 'not_found' })
  await expect(readExperiment(stage.stranger, { project: 'digits-b', experiment })).rejects.toMatchObject({
    code: 'not_found',
  })
  expect((await readExperiment(stage.stranger, { project: 'digits-b', experiment: 0 })).name).toBe('Default')
})
