import { Board } from '@modelyard/contracts'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServingStage, servingStage } from '../testing/serving.ts'
import { readCensus } from './census.ts'
import { readBoard } from './read.ts'

let database: TestDatabase
let stage: ServingStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

it('shows what is wrong first and what changed, to members only', async () => {
  const calm = await stage.endpoint('calm')
  const failing = await stage.endpoint('failing')
  await stage.second(calm, { rps: 50, behaviours: {} })
  await stage.second(failing, { rps: 50, behaviours: { 1: { errors: 1 } } })
  const board = Board.parse(await readBoard(stage.as('viewer'), { project: 'pets' }))
  expect(board.endpoints.map(({ name, health }) => [name, health])).toEqual([
    ['failing', 'down'],
    ['calm', 'healthy'],
  ])
  expect(board.changes.map(({ action }) => action)).toEqual(['endpoint.created', 'endpoint.created'])
  expect(board).toMatchObject({ firing: [], waiting: { approvals: [], pausedRollouts: [], queuedJobs: [] } })
  await expect(readBoard(stage.stranger, { project: 'pets' })).rejects.toMatchObject({ code: 'not_found' })
})

it('counts how often each variant was right, once enough is known', async () => {
  const endpointId = await stage.endpoint('judged')
  await stage.second(endpointId, { rps: 10, behaviours: { 1: { wrong: 0 } } })
  const ofIt = async () =>
    (await readCensus(stage.as('viewer'))).accuracies.filter(({ endpoint }) => endpoint === 'judged')
  expect(await ofIt()).toEqual([])
  await stage.second(endpointId, { rps: 30, behaviours: { 1: { wrong: 1 } } })
  expect(await ofIt()).toEqual([{ project: 'pets', endpoint: 'judged', variant: 'r1', ratio: 0.25 }])
})
