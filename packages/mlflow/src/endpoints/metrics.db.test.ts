import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'

let database: TestDatabase
let stage: TestStage
let send: Wire
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  send = wireOf(stage.as('editor'), 'digits')
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(async () => {
  runId = await newRun()
})

const post = (path: string, body: object) => send('POST', `/api/2.0/mlflow/${path}`, { body })
const get = (path: string) => send('GET', `/ajax-api/2.0/mlflow/metrics/${path}`)
const newRun = async () => (await post('runs/create', { experiment_id: '0' })).at('run.info.run_id')
const log = (id: string, metrics: object[]) => post('runs/log-batch', { run_id: id, metrics })
const curve = (points: number) =>
  Array.from({ length: points }, (_, step) => ({ key: 'loss', value: step % 7, timestamp: 10 + step, step }))
type Answer = {
  metrics?: { value: number; step: number; timestamp: number; run_id?: string }[]
  next_page_token?: string
}

test('a history without a page size is a page, and the token of a page leads to the next', async () => {
  await log(runId, [...curve(40), { key: 'loss', value: 'NaN', timestamp: 10, step: 0 }])
  const whole = (await get(`get-history?run_id=${runId}&metric_key=loss`)).json as Answer
  expect([whole.metrics?.length, whole.next_page_token]).toEqual([41, undefined])
  const seen: unknown[] = []
  for (let token = ''; ; ) {
    const path = `get-history?run_id=${runId}&metric_key=loss&max_results=7&page_token=${token}`
    const page = (await get(path)).json as Answer
    seen.push(...(page.metrics ?? []))
    if (!page.next_page_token) break
    token = page.next_page_token
  }
  expect(seen).toEqual(whole.metrics)
  expect((await get(`get-history?run_id=${runId}&metric_key=loss&max_results=25000`)).json).toEqual(whole)
})

test('what is not there has no history, and a token that is none of ours is refused', async () => {
  expect(await get(`get-history?run_id=${runId}&metric_key=none`)).toMatchObject({ status: 200, json: {} })
  expect(await get(`get-history?run_id=${'f'.repeat(32)}&metric_key=loss`)).toMatchObject({ status: 200, json: {} })
  for (const token of ['x', 'WzEsMl0', `${'a'.repeat(9000)}`]) {
    expect((await get(`get-history?run_id=${runId}&metric_key=loss&page_token=${token}`)).status).toBe(400)
  }
  expect((await get(`get-history?run_id=${runId}`)).status).toBe(400)
})

test('histories of several runs, whole and sampled', async () => {
  const other = await newRun()
  await log(runId, curve(900))
  await log(other, curve(3))
  const runs = `run_id=${runId}&run_id=${other}`
  const bulk = (await get(`get-history-bulk?${runs}&metric_key=loss`)).json as Answer
  expect(bulk.metrics).toHaveLength(903)
  const interval = `get-history-bulk-interval?${runs.replaceAll('run_id', 'run_ids')}&metric_key=loss`
  const sampled = ((await get(`${interval}&max_results=60`)).json as Answer).metrics ?? []
  const mine = sampled.filter(({ run_id }) => run_id === runId)
  expect(mine.length).toBeLessThanOrEqual(60)
  expect(mine.at(-1)).toMatchObject({ step: 899, timestamp: 909, value: 899 % 7 })
  expect([Math.min(...mine.map(({ value }) => value)), Math.max(...mine.map(({ value }) => value))]).toEqual([0, 6])
  expect(sampled.filter(({ run_id }) => run_id === other)).toHaveLength(3)
  const zoom = (await get(`${interval}&start_step=1&end_step=2`)).json as Answer
  expect(zoom.metrics?.map(({ step }) => step)).toEqual(expect.arrayContaining([1, 2]))
  for (const wrong of ['&start_step=1', '&end_step=1', '&start_step=2&end_step=1', '&max_results=2501']) {
    expect((await get(interval + wrong)).status).toBe(400)
  }
})
