import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { numbersOf, type Tensor, tensorOf } from '@modelyard/domain/tensor/tensor'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { inspectModel } from '../onnx/inspect.ts'
import { allocateAsTold, classifier, endlessLoop, gatherAsTold, loopAsTold } from '../testing/models.ts'
import { createModelPool, type ModelPool, type PoolOptions } from './pool.ts'

const folder = mkdtempSync(join(tmpdir(), 'modelyard-pool-test-'))
const open: ModelPool[] = []

function save(bytes: Uint8Array): { modelPath: string; sha256: string; signature: ReturnType<typeof inspectModel> } {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const modelPath = join(folder, `${sha256}.onnx`)
  writeFileSync(modelPath, bytes)
  return { modelPath, sha256, signature: inspectModel(bytes) }
}

async function poolOf(bytes: Uint8Array, options: Partial<PoolOptions> = {}): Promise<ModelPool> {
  const pool = await createModelPool({ ...save(bytes), ...options })
  open.push(pool)
  return pool
}

const rows = (...values: number[]): Tensor[] => [
  tensorOf({ name: 'x', dtype: 'float32', shape: [values.length / 2, 2] }, values),
]
function firstPid(pool: ModelPool): number {
  const pid = pool.stats().pids[0]
  if (!pid) throw new Error('there is no model process')
  return pid
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('waited ten seconds in vain')
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close(0)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('serving', () => {
  it('answers with the model, its timing and the shape it has', async () => {
    const pool = await poolOf(classifier())
    const result = await pool.infer({ inputs: rows(5, 0, 0, 5), traceparent: '00-a-b-01' })
    expect(result.outputs[0]).toMatchObject({ name: 'probabilities', dtype: 'float32', shape: [2, 3] })
    const [a, b, c, d, e] = numbersOf(result.outputs[0] as Tensor)
    expect([a, e].every((value) => (value ?? 0) > 0.98)).toBe(true)
    expect((a ?? 0) + (b ?? 0) + (c ?? 0)).toBeCloseTo(1)
    expect(d).toBeLessThan(0.01)
    expect(result.runMs).toBeGreaterThan(0)
    expect(Math.abs(result.startedAtMs - Date.now())).toBeLessThan(5000)
  })

  it('joins what arrives while the model is busy, and gives everybody their own rows', async () => {
    const pool = await poolOf(classifier(), { maxBatchRows: 32 })
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, index) => pool.infer({ inputs: rows(index % 2 ? 9 : 0, index % 2 ? 0 : 9) })),
    )
    results.forEach((result, index) => {
      const [first, second] = numbersOf(result.outputs[0] as Tensor)
      expect(index % 2 ? first : second).toBeGreaterThan(0.99)
    })
    expect(Math.max(...results.map(({ batchRows }) => batchRows))).toBe(32)
    expect(pool.stats().runs).toBeLessThan(30)
  })

  it('does not let one bad row fail its neighbours', async () => {
    const pool = await poolOf(gatherAsTold())
    const ask = (index: number) =>
      pool.infer({ inputs: [tensorOf({ name: 'x', dtype: 'int64', shape: [1] }, [index])] })
    const results = await Promise.allSettled([ask(0), ask(77), ask(1)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { code: 'internal', message: 'The model failed on this input.' } })
  })

  it('names the input and the shape it wants', async () => {
    const pool = await poolOf(classifier())
    const wide = tensorOf({ name: 'x', dtype: 'float32', shape: [1, 3] }, [1, 2, 3])
    await expect(pool.infer({ inputs: [wide] })).rejects.toMatchObject({
      code: 'invalid',
      field: 'inputs.x',
      message: 'Input "x" must have shape [N, 2], not [1, 3].',
    })
    await expect(pool.infer({ inputs: [{ ...wide, name: 'y' }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(pool.infer({ inputs: [{ ...wide, dtype: 'int8' }] })).rejects.toThrow('must be float32')
    await expect(pool.infer({ inputs: [{ ...wide, shape: [1, 2] }] })).rejects.toThrow('do not fill its shape')
    await expect(pool.infer({ inputs: rows() })).rejects.toThrow('At least one row')
  })

  it('refuses at once when its queue is full, and late requests when their time is over', async () => {
    const pool = await poolOf(loopAsTold(), { maxQueuedRows: 2, runLimitMs: 1500 })
    const slow = pool.infer({ inputs: rows(1e18, 0) }).catch((error: unknown) => error)
    await until(() => pool.stats().queuedRows === 0)
    const late = pool.infer({ inputs: rows(0, 0, 0, 0), deadlineMs: performance.now() + 50 })
    await expect(pool.infer({ inputs: rows(0, 0) })).rejects.toMatchObject({
      code: 'busy',
      details: { retryAfterMs: 1000 },
    })
    await expect(late).rejects.toMatchObject({ code: 'timeout' })
    expect(await slow).toMatchObject({ code: 'unavailable' })
  })

  it('answers what it has before it closes', async () => {
    const pool = await poolOf(classifier())
    const asked = Promise.all(Array.from({ length: 100 }, () => pool.infer({ inputs: rows(1, 0) })))
    await pool.close()
    expect(await asked).toHaveLength(100)
    await expect(pool.infer({ inputs: rows(1, 0) })).rejects.toMatchObject({ code: 'unavailable' })
    expect(pool.stats().state).toBe('closed')
  })
})

describe('models that misbehave', () => {
  it('kills a model that does not end, within its limit, while another goes on serving', async () => {
    const hung = await poolOf(loopAsTold(), { runLimitMs: 500 })
    const sound = await poolOf(classifier())
    const started = performance.now()
    const end = hung.infer({ inputs: rows(1e18, 0) }).catch((error: unknown) => error)
    let served = 0
    while (performance.now() - started < 400) {
      await sound.infer({ inputs: rows(1, 0) })
      served += 1
    }
    expect(await end).toMatchObject({ code: 'unavailable' })
    expect(performance.now() - started).toBeLessThan(1500)
    expect(served).toBeGreaterThan(20)
    expect((await hung.infer({ inputs: rows(1, 2) })).outputs[0]?.shape).toEqual([1, 2])
    expect(hung.stats().restarts).toEqual({ crash: 0, hang: 1 })
  })

  it('refuses a model whose warm-up never ends', async () => {
    await expect(poolOf(endlessLoop(), { loadLimitMs: 2000 })).rejects.toMatchObject({
      code: 'invalid',
      field: 'model',
    })
  })

  it('bounds the memory of a model: the request fails, the process and its parent live', async () => {
    const pool = await poolOf(allocateAsTold())
    const before = process.memoryUsage.rss()
    for (const floats of [2 ** 33, 2 ** 38, 2 ** 62]) {
      await expect(pool.infer({ inputs: rows(floats, 0) })).rejects.toMatchObject({
        code: expect.stringMatching(/internal|unavailable/),
      })
    }
    expect((await pool.infer({ inputs: rows(4, 1) })).outputs).toHaveLength(1)
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6)
  })

  it('comes back after kill -9, with only what was running lost', async () => {
    const pool = await poolOf(classifier())
    const pid = firstPid(pool)
    process.kill(pid, 'SIGKILL')
    await until(() => firstPid(pool) !== pid)
    expect((await pool.infer({ inputs: rows(3, 0) })).outputs[0]?.shape).toEqual([1, 3])
  })

  it('leaves a model alone that keeps dying, and tries again after a while', async () => {
    const pool = await poolOf(classifier(), { quarantineMs: 1500 })
    for (let kill = 0; kill < 5; kill++) {
      const pid = firstPid(pool)
      process.kill(pid, 'SIGKILL')
      if (kill < 4) await until(() => firstPid(pool) !== pid && pool.stats().state === 'ready')
    }
    await until(() => pool.stats().state === 'quarantined')
    await expect(pool.infer({ inputs: rows(1, 0) })).rejects.toMatchObject({ code: 'unavailable' })
    await until(() => pool.stats().state === 'ready')
    expect((await pool.infer({ inputs: rows(1, 0) })).outputs).toHaveLength(1)
  })
})

describe('what a model process may touch', () => {
  it('does not outlive its parent, even while it computes without end', async () => {
    const index = new URL('../index.ts', import.meta.url).href
    const model = save(loopAsTold())
    const script = `
      import { createModelPool, tensorOf } from ${JSON.stringify(index)}
      const pool = await createModelPool(${JSON.stringify(model)})
      console.log(pool.stats().pids[0])
      await pool.infer({ inputs: [tensorOf({ name: 'x', dtype: 'float32', shape: [1, 2] }, [1e18, 0])] })`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
    await new Promise((resolve) => setTimeout(resolve, 200))
    parent.kill('SIGKILL')
    await until(() => !existsSync(`/proc/${pid}/cmdline`) || readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '')
  })

  it('loads only the very bytes it was promised, from a file of its own', async () => {
    const model = save(classifier({ bias: 0.5 }))
    await expect(createModelPool({ ...model, sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'invalid' })
    const link = join(folder, 'link.onnx')
    symlinkSync(model.modelPath, link)
    await expect(createModelPool({ ...model, modelPath: link })).rejects.toMatchObject({ code: 'invalid' })
    linkSync(model.modelPath, join(folder, 'second-name.onnx'))
    await expect(createModelPool(model)).rejects.toThrow('not a plain file of its own')
  })

  it('refuses a model with other inputs than it is registered with', async () => {
    const signature = inspectModel(gatherAsTold())
    await expect(createModelPool({ ...save(classifier()), signature })).rejects.toThrow('registered with')
  })

  it('has an empty folder and environment, leaves nothing at home, and opens no connection', async () => {
    const telemetry = join(homedir(), '.cache/Microsoft')
    const before = existsSync(telemetry)
    const pool = await poolOf(classifier())
    await pool.infer({ inputs: rows(1, 0) })
    const proc = `/proc/${firstPid(pool)}`
    expect(
      readFileSync(`${proc}/environ`, 'utf8')
        .split('\0')
        .filter(Boolean)
        .map((entry) => entry.split('=')[0])
        .filter((name) => name !== 'PWD'),
    ).toEqual(['ORT_DISABLE_TELEMETRY'])
    const cwd = readlinkSync(`${proc}/cwd`)
    expect(readdirSync(cwd)).toEqual([])
    const sockets = readdirSync(`${proc}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${proc}/fd/${fd}`))?.[1]
      } catch {
        return undefined
      }
    })
    const internet = ['tcp', 'tcp6', 'udp', 'udp6']
      .map((table) => readFileSync(`/proc/net/${table}`, 'utf8'))
      .join('\n')
    for (const inode of sockets.filter((socket) => socket !== undefined)) expect(internet).not.toContain(` ${inode} `)
    expect(existsSync(telemetry)).toBe(before)
    await pool.close(0)
    await until(() => !existsSync(cwd))
  })
})
