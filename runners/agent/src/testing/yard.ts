import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CreateProject, type Job, RegisterDataset, SubmitJob } from '@modelyard/contracts'
import { insertAccount, insertBlobAccess } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { writeModel } from '@modelyard/inference/onnx/write'
import {
  type Ctx,
  createEnrolToken,
  createProject,
  getJob,
  planJobs,
  reapAttempts,
  registerDataset,
  submitJob,
} from '@modelyard/services'
import type { z } from 'zod'
import { readEnv } from '../../../../apps/api/src/env.ts'
import { type Wired, wire } from '../../../../apps/api/src/wire.ts'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
export const STEPS = 25

/** A program in shell that takes its time, logs a line and a point a step, and hands over a model made before. */
const SLOW_STEPS = `#!/bin/sh
for step in $(seq 1 ${STEPS}); do
  echo "step $step"
  echo "{\\"key\\":\\"loss\\",\\"step\\":$step,\\"value\\":$step,\\"at\\":\\"2026-01-01T00:00:00Z\\"}" >> metrics.jsonl
  sleep 0.12
done
cp "$0.d/model.onnx" "$0.d/result.json" outputs/
`
export const LOG = Array.from({ length: STEPS }, (_, step) => `step ${step + 1}\n`).join('')

const perClass = ['a', 'b', 'c'].map((label) => ({ label, precision: 1, recall: 1, f1: 1, support: 4 }))
const RESULT = {
  model: { file: 'model.onnx', format: 'onnx' },
  params: {},
  evaluations: [
    {
      ...{ split: 'test', rows: 12, accuracy: 1, accuracyInterval: [0.76, 1], macroF1: 1, logLoss: 0 },
      ...{
        classes: ['a', 'b', 'c'],
        perClass,
        confusion: [
          [4, 0, 0],
          [0, 4, 0],
          [0, 0, 4],
        ],
      },
      latencyMs: { p50: 1, p95: 1, p99: 1, runs: 1, batchRows: 1 },
    },
  ],
}

function makeRecipes(dir: string): void {
  const recipe = join(dir, 'slow-steps')
  mkdirSync(join(recipe, 'run.d'), { recursive: true })
  writeFileSync(join(recipe, 'run'), SLOW_STEPS)
  chmodSync(join(recipe, 'run'), 0o755)
  writeFileSync(join(recipe, 'run.d/result.json'), JSON.stringify(RESULT))
  const model = writeModel({
    name: 'constant',
    inputs: [{ name: 'input', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: ['N', 3] }],
    initializers: [{ name: 'w', dims: [2, 3], data: new Float32Array(6) }],
    nodes: [
      { op: 'MatMul', inputs: ['input', 'w'], outputs: ['logits'] },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'] },
    ],
  })
  writeFileSync(join(recipe, 'run.d/model.onnx'), model)
  symlinkSync(join(repository, 'runners/recipes/tabular-mlp'), join(dir, 'tabular-mlp'))
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  for (const start = performance.now(); performance.now() - start < limitMs; await sleep(50)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`waited ${limitMs} ms for ${what}`)
}

export type Yard = {
  database: TestDatabase
  dir: string
  admin: Ctx
  project: string
  submit: (more?: Partial<z.input<typeof SubmitJob>>) => Promise<Job>
  job: (id: string) => Promise<Job>
  ended: (id: string) => Promise<Job>
  startApi: () => Promise<void>
  api: () => ChildProcess | null
  startAgent: () => ChildProcess
  close: () => Promise<void>
}

/** A real api process, a planner in this one, and agents as processes, all over a database of their own. */
export async function openYard(): Promise<Yard> {
  const dir = mkdtempSync(join(tmpdir(), 'modelyard-yard-'))
  const database = await testDatabase()
  makeRecipes(join(dir, 'recipes'))
  const port = await freePort()
  const source = {
    DATABASE_URL: database.databaseUrl,
    MODELYARD_SECRET: 'a secret of the tests, long enough for this',
    MODELYARD_BLOB_DIR: join(dir, 'blobs'),
    MODELYARD_CONSOLE_URL: 'http://127.0.0.1:1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
  }
  const wired = wire(readEnv({ ...source, LOG_LEVEL: 'fatal' }))
  const children: ChildProcess[] = []
  const start = (entry: string, env: Record<string, string>) => {
    const child = spawn(process.execPath, [join(repository, entry)], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    children.push(child)
    return child
  }
  const { admin, datasetVersionId, enrolToken } = await furnish(wired)
  const planning = keepPlanning(wired)
  let keys = 0
  let api: ChildProcess | null = null
  const startApi = async () => {
    api = start('apps/api/src/main.ts', source)
    const url = `http://127.0.0.1:${port}/health/ready`
    await until('the api', () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
  }
  const job = (jobId: string) => getJob(admin, { project: 'yard', jobId })
  await startApi()
  return {
    ...{ database, dir, admin, project: 'yard', startApi, job, api: () => api },
    submit: (more = {}) =>
      submitJob(
        admin,
        SubmitJob.parse({
          ...{ project: 'yard', name: 'a job', recipe: 'slow-steps', datasetVersionId, model: 'steps' },
          ...{ idempotencyKey: `yard-key-${++keys}`, ...more },
        }),
      ),
    ended: (id) => until('the end of a job', async () => ((await job(id)).endedAt === null ? null : job(id)), 40_000),
    startAgent: () => start('runners/agent/src/main.ts', agentEnvironment({ port, dir, enrolToken })),
    close: async () => {
      for (const child of children) child.kill('SIGKILL')
      await planning.stop()
      await wired.close()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function agentEnvironment(at: { port: number; dir: string; enrolToken: string }): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    MODELYARD_API_URL: `http://127.0.0.1:${at.port}`,
    MODELYARD_ENROL_TOKEN: at.enrolToken,
    MODELYARD_RUNNER_DIR: join(at.dir, 'runner'),
    MODELYARD_RECIPES_DIR: join(at.dir, 'recipes'),
    MODELYARD_RUNNER_SLOTS: '1',
    MODELYARD_DRAIN_MS: '300',
    LOG_LEVEL: 'warn',
  }
}

function keepPlanning(wired: Wired) {
  const ctx = wired.ctxOf({ kind: 'system', name: 'worker' })
  let stopped = false
  const loop = (async () => {
    while (!stopped) {
      await planJobs(ctx)
      await reapAttempts(ctx, { bootedAt: new Date() })
      await sleep(100)
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await loop
    },
  }
}

async function furnish(wired: Wired): Promise<{ admin: Ctx; datasetVersionId: string; enrolToken: string }> {
  const system = wired.ctxOf({ kind: 'system', name: 'test' })
  const userId = system.newId('usr')
  const person = { name: 'Ada', email: 'ada@example.test' }
  const account = { userId, accountId: system.newId('mem'), ...person, passwordHash: 'none', isOwner: true }
  await insertAccount(system.db, { ...account, now: new Date() })
  const admin = wired.ctxOf({ kind: 'user', userId, ...person })
  const project = CreateProject.parse({
    ...{ slug: 'yard', name: 'Yard', task: 'multiclass', kpis: [], idempotencyKey: 'make-the-yard' },
  })
  const { id: projectId } = await createProject(admin, project)
  // Two features that overlap between the classes: one that gave the label away would be refused as a leak.
  const wobble = (row: number, step: number) => ((row * step) % 53) / 10
  const rows = Array.from({ length: 90 }, (_, row) =>
    [(row % 3) * 2 + wobble(row, 17), 9 - (row % 3) * 2 + wobble(row, 29), 'abc'[row % 3]].join(','),
  )
  const blob = await admin.blobs.put(Buffer.from(`width,height,kind\n${rows.join('\n')}\n`))
  await insertBlobAccess(system.db, { projectId, ...blob, now: new Date() })
  const { id: datasetVersionId } = await registerDataset(
    admin,
    RegisterDataset.parse({
      ...{ project: 'yard', name: 'shapes', sha256: blob.sha256, format: 'csv', labelColumn: 'kind' },
      split: { kind: 'stratified', train: 0.6, validation: 0.2, test: 0.2, seed: 7 },
      idempotencyKey: 'register-shapes',
    }),
  )
  const { token } = await createEnrolToken(admin, { uses: 1, expiresInS: 600, idempotencyKey: 'let-one-in' })
  return { admin, datasetVersionId, enrolToken: token }
}
