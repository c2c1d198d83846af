import { type Ingest, LATENCY_BOUNDS_MS } from '@modelyard/contracts'
import { type Db, tables } from '@modelyard/db'
import type { Kpi } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { getEndpoint } from '../endpoint/read.ts'
import { ingest } from '../gateway/ingest.ts'
import { observe } from '../gateway/observe.ts'
import { recordFeedback } from '../prediction/record-feedback.ts'
import { type TestStage, testStage } from './context.ts'

const BOOT_ID = 'boot-1'
const CLASSES = ['cat', 'dog']
const SIGNATURE = {
  inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
  outputs: [{ name: 'p', dtype: 'float32', shape: ['n', 2] }],
  irVersion: 8,
  opsets: { '': 17 },
  producer: 'test',
  nodes: 1,
}

/** How a variant behaves: shares of failed, wrong and slow requests. */
export type Behaviour = { errors?: number; wrong?: number; slow?: number }
export type Second = { rps: number; behaviours: Record<number, Behaviour>; labels?: boolean }

export type ServingStage = TestStage & {
  deployer: Ctx
  gateway: Ctx
  /** Approved unless told otherwise; every call makes the next version of the model `pets`. */
  modelVersion: (change?: Partial<typeof tables.modelVersion.$inferInsert>) => Promise<string>
  /** An endpoint that serves a fresh approved version as r1, and a gateway that serves it. */
  endpoint: (name: string) => Promise<string>
  /** The gateway reports that it serves what the database says now. */
  observeAll: () => Promise<void>
  /** One second of traffic over the variants by their weights, with its labels; time moves on by it. */
  second: (endpointId: string, second: Second) => Promise<string[]>
  key: () => string
}

/** A stage with approved models and a gateway that counts and logs synthetic traffic through the real verbs. */
export async function servingStage(db: Db, setting: { slug?: string; kpis?: Kpi[] } = {}): Promise<ServingStage> {
  const stage = await testStage(db, { slug: 'pets', ...setting })
  const deployer = stage.as('deployer')
  const project = stage.project.slug
  const gateway = stage.ctx({ kind: 'gateway', gatewayId: deployer.newId('gwy'), name: 'test gateway' })
  let keys = 0
  const key = () => `key-${project}-${++keys}`
  const modelVersion = await versionsOf(stage)
  const observeAll = async () => {
    const endpoints = await db.select().from(tables.endpoint)
    const seen = endpoints.map(({ id, generation }) => ({ endpointId: id, generation }))
    await observe(gateway, { name: 'test gateway', bootId: BOOT_ID, endpoints: seen })
  }
  const endpoint = async (name: string) => {
    const modelVersionId = await modelVersion()
    const { id } = await createEndpoint(deployer, { project, name, modelVersionId, idempotencyKey: key() })
    await observeAll()
    return id
  }
  const second = trafficOf({ stage, gateway, observeAll })
  return { ...stage, deployer, gateway, modelVersion, endpoint, observeAll, second, key }
}

async function versionsOf(stage: TestStage): Promise<ServingStage['modelVersion']> {
  const { db, newId, now, sha256 } = stage.as('deployer')
  const modelId = newId('mdl')
  const { id: projectId, slug } = stage.project
  await db.insert(tables.model).values({ id: modelId, projectId, name: 'pets', createdAt: now() })
  let versions = 0
  return async (change = {}) => {
    const id = newId('mv')
    versions += 1
    await db.insert(tables.modelVersion).values({
      id,
      projectId,
      modelId,
      version: versions,
      stage: 'approved',
      sha256: sha256(`${slug} ${versions}`),
      sizeBytes: 100,
      signature: SIGNATURE,
      classes: CLASSES,
      codeCommit: '',
      gates: [],
      gatesPassed: true,
      createdBy: { kind: 'system', id: 'test', label: 'test' },
      createdAt: now(),
      ...change,
    })
    return id
  }
}

type Serving = { stage: TestStage; gateway: Ctx; observeAll: () => Promise<void> }

function trafficOf({ stage, gateway, observeAll }: Serving): ServingStage['second'] {
  const deployer = stage.as('deployer')
  const project = stage.project.slug
  const random = lcg(20_261_121)
  let seq = 0
  return async (endpointId, { rps, behaviours, labels = true }) => {
    const { variants } = await getEndpoint(deployer, { project, endpointId, windowS: 60 })
    const at = deployer.now()
    const batch: z.output<typeof Ingest> = { bootId: BOOT_ID, seq: seq++, seconds: [], predictions: [] }
    const truths: { predictionId: string; label: string }[] = []
    for (const { id: variantId, number, weightBps, modelVersionId } of variants.filter((one) => one.weightBps > 0)) {
      const requests = Math.round((rps * weightBps) / 10_000)
      const made = variantSecond({ requests, behaviour: behaviours[number] ?? {}, random })
      const common = { endpointId, variantId }
      batch.seconds.push({ ...common, second: Math.floor(at.getTime() / 1000), requests, ...made.counts })
      for (const { label, truth } of made.answers) {
        const id = deployer.newId('prd')
        const shown = { at: at.toISOString(), latencyMs: 5, features: [0, 1], label, score: 0.9, traceId: null }
        batch.predictions.push({ ...common, id, modelVersionId, ...shown })
        truths.push({ predictionId: id, label: truth })
      }
    }
    await ingest(gateway, batch)
    if (labels && truths.length > 0) await recordFeedback(stage.as('editor'), { project, items: truths })
    stage.clock.advance(1000)
    await observeAll()
    return truths.map(({ predictionId }) => predictionId)
  }
}

function variantSecond(args: { requests: number; behaviour: Behaviour; random: () => number }) {
  const { requests, behaviour, random } = args
  const latency = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0)
  const answers: { label: string; truth: string }[] = []
  let errors = 0
  for (let index = 0; index < requests; index++) {
    const bound = random() < (behaviour.slow ?? 0.02) ? 300 : 5
    const bucket = LATENCY_BOUNDS_MS.indexOf(bound)
    latency[bucket] = (latency[bucket] ?? 0) + 1
    if (random() < (behaviour.errors ?? 0)) errors += 1
    else {
      const truth = random() < 0.5 ? 'cat' : 'dog'
      const other = truth === 'cat' ? 'dog' : 'cat'
      answers.push({ label: random() < (behaviour.wrong ?? 0.05) ? other : truth, truth })
    }
  }
  return { counts: { errors, latency }, answers }
}

/** Numerical Recipes' generator: the same traffic on every run. */
function lcg(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
