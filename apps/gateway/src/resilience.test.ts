import { spawn } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { classifier, endlessLoop, loopAsTold } from '@modelyard/inference/testing/models'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { API_KEY, FarEnd, until } from './testing/far-end.ts'
import { envOf, newDir, type Running, removeDir, startGateway } from './testing/running.ts'

const PATH = '/digits/reader/predict'
const ROW = { instances: [[9, 0]] }

let farEnd: FarEnd
let dir: string
let gateway: Running | undefined

beforeEach(async () => {
  dir = newDir()
  farEnd = new FarEnd()
  await farEnd.start()
  farEnd.route([farEnd.variant(classifier())])
})
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
  await farEnd.stop()
  removeDir(dir)
})

const serving = () => gateway?.wired.gateway.table.find('digits', 'reader')?.endpoint.generation
const requestsOf = (variantId?: string) =>
  farEnd.seconds
    .filter((second) => !variantId || second.variantId === variantId)
    .reduce((sum, { requests }) => sum + requests, 0)

describe('routes move', () => {
  it('swaps models under load without a failed request, and reports the generation it serves', async () => {
    gateway = await startGateway(farEnd, dir)
    const { post } = gateway
    let going = true
    const statuses = new Map<number, number>()
    const versions = new Set<unknown>()
    const load = Array.from({ length: 8 }, async () => {
      while (going) {
        const { status, body } = await post(PATH, ROW)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        versions.add(body.modelVersion)
      }
    })
    for (let number = 2; number <= 5; number++) {
      const generation = farEnd.route([farEnd.variant(classifier({ bias: number / 100 }), { number })])
      await until(
        () => farEnd.observed.get(farEnd.endpoint.id) === generation,
        `generation ${generation} to be observed`,
      )
    }
    going = false
    await Promise.all(load)
    expect([...statuses.keys()]).toEqual([200])
    expect(statuses.get(200)).toBeGreaterThan(100)
    expect(versions).toEqual(new Set([1, 2, 3, 4, 5]))
    await until(async () => gateway?.wired.gateway.models.pools().length === 1, 'the old models to be unloaded')
  })

  it('splits by weight, keeps a sticky key on its variant, and counts each variant by itself', async () => {
    const stable = farEnd.variant(classifier(), { weightBps: 7000 })
    const canary = farEnd.variant(classifier({ bias: 0.1 }), { number: 2, role: 'canary', weightBps: 3000 })
    farEnd.route([stable, canary])
    gateway = await startGateway(farEnd, dir)
    let canaries = 0
    for (let index = 0; index < 400; index++) {
      const { body } = await gateway.post(PATH, ROW)
      canaries += body.variant === 2 ? 1 : 0
    }
    expect(Math.abs(canaries / 400 - 0.3)).toBeLessThan(0.1)
    const sticky = new Set<unknown>()
    for (let index = 0; index < 20; index++)
      sticky.add((await gateway.post(PATH, { ...ROW, key: 'user-7' })).body.variant)
    expect(sticky.size).toBe(1)
    await until(() => requestsOf() === 420, 'all counts to be shipped')
    expect(requestsOf(canary.id)).toBe(canaries + (sticky.has(2) ? 20 : 0))
  })

  it('goes on with the last good generation when the new one does not load, and rolls back past it at once', async () => {
    gateway = await startGateway(farEnd, dir)
    const good = serving()
    const stable = farEnd.endpoint.variants[0]
    if (!stable) throw new Error('there is no stable variant')
    const hanging = farEnd.variant(endlessLoop(), { number: 2, role: 'canary', weightBps: 0 })
    farEnd.route([{ ...stable }, hanging])
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(serving()).toBe(good)
    expect((await gateway.post(PATH, ROW)).status).toBe(200)
    const started = performance.now()
    const generation = farEnd.route([{ ...stable, id: stable.id, number: 1 }])
    await until(() => serving() === generation, 'the rollback')
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('refuses a snapshot older than the one it serves, also after a restart', async () => {
    gateway = await startGateway(farEnd, dir)
    await gateway.stop()
    farEnd.snapshot = { ...structuredClone(farEnd.snapshot), generation: 1, endpoints: [] }
    gateway = await startGateway(farEnd, dir)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await gateway.post(PATH, ROW)).status).toBe(200)
  })
})

describe('alone', () => {
  it('starts cold from disk with the API gone, and ships what it logged when the API is back', async () => {
    gateway = await startGateway(farEnd, dir)
    await until(() => readdirSync(join(dir, 'snapshot')).includes('snapshot.json'), 'the snapshot to be kept')
    await gateway.stop()
    await farEnd.stop()
    gateway = await startGateway(farEnd, dir)
    const ids: string[] = []
    for (let index = 0; index < 50; index++) {
      const { status, body } = await gateway.post(PATH, ROW)
      expect(status).toBe(200)
      ids.push(String(body.predictions[0]?.id))
    }
    expect(farEnd.predictions.size).toBe(0)
    farEnd.loseAnswers = 2
    await farEnd.start()
    await until(() => ids.every((id) => farEnd.predictions.has(id)), 'the log to be shipped', 20_000)
    await until(() => readdirSync(join(dir, 'spool')).length === 0, 'the spool to be empty', 20_000)
    expect(farEnd.duplicates).toBe(0)
    expect(requestsOf()).toBe(50)
  })

  it('survives a torn snapshot and a damaged model on disk', async () => {
    gateway = await startGateway(farEnd, dir)
    farEnd.route([farEnd.variant(classifier({ bias: 0.3 }), { number: 2 })])
    await until(
      () =>
        readFileSync(join(dir, 'snapshot/snapshot.json'), 'utf8').includes(
          `generation\\":${farEnd.snapshot.generation}`,
        ),
      'both generations on disk',
    )
    await gateway.stop()
    const current = join(dir, 'snapshot/snapshot.json')
    writeFileSync(current, readFileSync(current, 'utf8').slice(0, 300))
    for (const name of readdirSync(join(dir, 'models'))) {
      const path = join(dir, 'models', name)
      const bytes = readFileSync(path)
      bytes[20] = (bytes[20] ?? 0) ^ 1
      chmodSync(path, 0o600)
      writeFileSync(path, bytes)
    }
    gateway = await startGateway(farEnd, dir)
    // On a busy machine the first try may fail, and the next one comes after 15 seconds.
    const served = async () => (await gateway?.post(PATH, ROW))?.body.variant === 2
    await until(served, 'the model to be fetched again', 30_000)
  }, 60_000)
})

describe('model processes that die', () => {
  it('comes back after kill -9, and counts what failed as errors of that variant', async () => {
    farEnd.route([farEnd.variant(loopAsTold())])
    gateway = await startGateway(farEnd, dir, { MODELYARD_RUN_LIMIT_MS: '300' })
    const hang = await gateway.post(PATH, { instances: [[1e18, 0]] })
    expect(hang.status).toBe(503)
    await until(
      async () => (await gateway?.post(PATH, { instances: [[1, 2]] }))?.status === 200,
      'the model to answer again',
    )
    const pid = gateway.wired.gateway.models.pools()[0]?.pool.stats().pids[0]
    expect(pid).toBeGreaterThan(0)
    if (pid) process.kill(pid, 'SIGKILL')
    await until(
      async () => (await gateway?.post(PATH, { instances: [[1, 2]] }))?.status === 200,
      'the model to be restarted',
    )
    await until(() => farEnd.seconds.reduce((sum, { errors }) => sum + errors, 0) >= 1, 'the error to be counted')
  })
})

describe('the process itself', () => {
  const main = join(import.meta.dirname, 'main.ts')
  let ports = 0
  const freePort = () => 20_000 + ((process.pid * 3 + ports++) % 20_000)

  async function startProcess(port: number, more: Record<string, string> = {}) {
    const child = spawn(process.execPath, [main], {
      env: { ...envOf(farEnd, dir, more), PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const url = `http://127.0.0.1:${port}`
    await until(
      async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200,
      'the process to be ready',
      20_000,
    )
    const predict = async () => {
      const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
      const response = await fetch(`${url}${PATH}`, { method: 'POST', headers, body: JSON.stringify(ROW) })
      return (await response.json()) as { predictions: { id: string }[]; traceId: string }
    }
    return { child, predict, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) }
  }

  it('joins the run inside the model process to the trace of its request', async () => {
    const sent: string[] = []
    const collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => sent.push(chunk.toString()))
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
    })
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
    const traced = await startProcess(freePort(), { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })
    const { traceId } = await traced.predict()
    traced.child.kill('SIGTERM')
    expect(await traced.ended).toBe(0)
    collector.close()
    type Span = { name: string; traceId: string; spanId: string; parentSpanId?: string }
    type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }
    const spans = sent.flatMap((text) =>
      (JSON.parse(text) as Export).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((scope) => scope.spans),
      ),
    )
    const request = spans.find(({ name }) => name === 'gateway request')
    const run = spans.find(({ name }) => name === 'model run')
    expect(request?.traceId).toBe(traceId)
    expect(run).toMatchObject({ traceId, parentSpanId: request?.spanId })
  }, 40_000)

  it('loses no answered prediction by kill -9, and ends by itself on SIGTERM', async () => {
    const port = freePort()
    const first = await startProcess(port)
    const answered: string[] = []
    const callers = Array.from({ length: 4 }, async () => {
      try {
        for (;;) answered.push((await first.predict()).predictions[0]?.id ?? '')
      } catch {
        return
      }
    })
    await until(() => answered.length > 200, 'two hundred answers')
    first.child.kill('SIGKILL')
    await Promise.all(callers)
    const second = await startProcess(port)
    await until(() => answered.every((id) => farEnd.predictions.has(id)), 'every answered prediction', 15_000)
    expect(farEnd.duplicates).toBe(0)
    await second.predict()
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    expect(readdirSync(join(dir, 'spool'))).toEqual([])
  }, 40_000)
})
