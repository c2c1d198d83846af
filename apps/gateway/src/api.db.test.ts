import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createDiskStore } from '@modelyard/artifacts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { inspectModel } from '@modelyard/inference'
import { classifier } from '@modelyard/inference/testing/models'
import { createApiKey, createEndpoint } from '@modelyard/services'
import { type ServingStage, servingStage } from '@modelyard/services/testing/serving'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FarEnd, GATEWAY_TOKEN, newId, until } from './testing/far-end.ts'
import { newDir, type Running, removeDir, startGateway } from './testing/running.ts'

/** The gateway against the real API in a process of its own, over a real database: what the far end of other tests only promises. */
const API_MAIN = join(import.meta.dirname, '../../api/src/main.ts')
const dir = newDir()
const blobDir = join(dir, 'blobs')
const port = 20_000 + ((process.pid + 7) % 20_000)
const address = Object.assign(new FarEnd(), { port })
let database: TestDatabase
let stage: ServingStage
let api: ChildProcess
let gateway: Running
let key: string

async function startApi(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [API_MAIN], {
    env: {
      DATABASE_URL: database.databaseUrl,
      MODELYARD_SECRET: 's'.repeat(32),
      MODELYARD_BLOB_DIR: blobDir,
      MODELYARD_CONSOLE_URL: 'http://127.0.0.1:1',
      PORT: String(port),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const isReady = async () => (await fetch(`${address.url}/health/ready`).catch(() => null))?.status === 200
  await until(isReady, 'the API to be ready', 30_000)
  return child
}

async function stopApi(signal: NodeJS.Signals): Promise<void> {
  const ended = once(api, 'exit')
  api.kill(signal)
  await ended
}

async function deploy(bytes: Uint8Array, name: string): Promise<string> {
  const { sha256, sizeBytes } = await createDiskStore({ dir: blobDir }).put(bytes)
  const modelVersionId = await stage.modelVersion({ sha256, sizeBytes, signature: inspectModel(bytes) })
  await createEndpoint(stage.deployer, {
    project: stage.project.slug,
    name,
    modelVersionId,
    idempotencyKey: stage.key(),
  })
  return modelVersionId
}

const predict = (name: string) =>
  gateway.post(
    `/${stage.project.slug}/${name}/predict`,
    {
      instances: [
        [9, 0],
        [0, 9],
      ],
    },
    { authorization: `Bearer ${key}` },
  )

beforeAll(async () => {
  database = await testDatabase()
  stage = await servingStage(database.db)
  stage.clock.advance(Date.now() - stage.clock.now().getTime())
  const gatewayId = newId('gwy')
  const now = new Date()
  const { sha256 } = stage.deployer
  await database.db.insert(tables.gateway).values({ id: gatewayId, name: 'local', observed: {}, createdAt: now })
  await database.db
    .insert(tables.machineToken)
    .values({ sha256: sha256(GATEWAY_TOKEN), kind: 'gateway', gatewayId, createdBy: 'test', createdAt: now })
  const wanted = { project: stage.project.slug, name: 'caller', scopes: ['predict' as const], expiresInDays: 1 }
  key = (await createApiKey(stage.as('admin'), { ...wanted, idempotencyKey: stage.key() })).secret
  api = await startApi()
  gateway = await startGateway(address, dir)
})
afterAll(async () => {
  await gateway?.stop()
  await stopApi('SIGTERM')
  stage.close()
  await database.drop()
  removeDir(dir)
})

it('serves what the API was told to deploy, within a moment, and reports it', async () => {
  const modelVersionId = await deploy(classifier(), 'cats')
  const started = performance.now()
  await until(async () => (await predict('cats')).status === 200, 'the endpoint to be served')
  expect(performance.now() - started).toBeLessThan(3000)
  const { body } = await predict('cats')
  expect(body.predictions.map(({ label }) => label)).toEqual(['cat', 'dog'])
  await until(async () => {
    const [row] = await database.db.select().from(tables.gateway)
    return Object.values(row?.observed ?? {}).includes(1)
  }, 'the generation to be observed')
  await until(async () => {
    const rows = await database.db.select().from(tables.prediction)
    return rows.some(
      (row) => row.id === body.predictions[0]?.id && row.modelVersionId === modelVersionId && row.label === 'cat',
    )
  }, 'the prediction to be stored')
})

it('logs on while the API is dead, and loses and doubles nothing when it is back', async () => {
  const before = (await database.db.select().from(tables.prediction)).length
  await stopApi('SIGKILL')
  const ids: string[] = []
  for (let index = 0; index < 25; index++)
    ids.push(...(await predict('cats')).body.predictions.map(({ id }) => String(id)))
  api = await startApi()
  await until(
    async () => (await database.db.select().from(tables.prediction)).length >= before + ids.length,
    'the log',
    20_000,
  )
  const rows = await database.db.select().from(tables.prediction)
  expect(ids.every((id) => rows.some((row) => row.id === id))).toBe(true)
  expect(rows).toHaveLength(before + ids.length)
  const seconds = await database.db.select().from(tables.trafficSecond)
  expect(seconds.reduce((sum, { requests }) => sum + requests, 0) * 2).toBe(rows.length)
}, 60_000)
