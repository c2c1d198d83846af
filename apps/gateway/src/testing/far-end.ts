/** The API's side of the gateway contract for tests: real tRPC over real HTTP, with a snapshot that tests set. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  Ingest,
  Ingested,
  Observe,
  type PredictionRecord,
  PulledSnapshot,
  PullSnapshot,
  type Snapshot,
  type TrafficSecond,
} from '@modelyard/contracts/gateway'
import { formatId, type IdPrefix } from '@modelyard/domain/id'
import { inspectModel } from '@modelyard/inference'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import type { z } from 'zod'

export const GATEWAY_TOKEN = `myg_${'t'.repeat(43)}`
export const API_KEY = `my_abcdefgh_${'k'.repeat(43)}`

export const newId = (prefix: IdPrefix) => formatId(prefix, Date.now(), randomBytes(10))
const sha256Of = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

type Variant = Snapshot['endpoints'][number]['variants'][number]
type Endpoint = Snapshot['endpoints'][number]

export class FarEnd {
  snapshot: Snapshot
  readonly blobs = new Map<string, Uint8Array>()
  readonly observed = new Map<string, number>()
  readonly predictions = new Map<string, PredictionRecord>()
  readonly seconds: TrafficSecond[] = []
  duplicates = 0
  /** How many calls of ingest are to fail, after storing, as if the answer was lost. */
  loseAnswers = 0
  #batches = new Set<string>()
  #waiting: (() => void)[] = []
  #server: Server | undefined
  port = 0

  constructor() {
    const projectId = newId('prj')
    const key = { id: newId('key'), sha256: sha256Of(API_KEY), projectIds: [projectId], expiresAt: null }
    this.snapshot = {
      generation: 1,
      at: new Date().toISOString(),
      endpoints: [
        { id: newId('ep'), projectId, project: 'digits', name: 'reader', generation: 1, salt: 'salt', variants: [] },
      ],
      keys: [{ ...key, requestsPerSecond: 100_000, burst: 100_000 }],
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get endpoint(): Endpoint {
    const [endpoint] = this.snapshot.endpoints
    if (!endpoint) throw new Error('there is no endpoint')
    return endpoint
  }

  addModel(bytes: Uint8Array): string {
    const sha256 = sha256Of(bytes)
    this.blobs.set(sha256, bytes)
    return sha256
  }

  variant(bytes: Uint8Array, facts: Partial<Variant> = {}): Variant {
    const { inputs, outputs } = inspectModel(bytes)
    const [input] = inputs
    if (!input) throw new Error('the model has no input')
    const number = facts.number ?? 1
    const model = {
      modelVersionId: newId('mv'),
      model: 'digits',
      modelVersion: number,
      sha256: this.addModel(bytes),
      sizeBytes: bytes.length,
    }
    return {
      id: newId('var'),
      number,
      role: 'stable',
      weightBps: 10_000,
      ...model,
      input,
      outputs,
      classes: ['zero', 'one', 'two'],
      ...facts,
    }
  }

  /** Routes the endpoint to these variants, as a commit in the API would. */
  route(variants: Variant[]): number {
    this.change((snapshot) => {
      for (const endpoint of snapshot.endpoints)
        Object.assign(endpoint, { variants, generation: endpoint.generation + 1 })
    })
    return this.endpoint.generation
  }

  change(edit: (snapshot: Snapshot) => void): void {
    const next = structuredClone(this.snapshot)
    edit(next)
    next.generation += 1
    this.snapshot = next
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async start(): Promise<void> {
    const trpc = createHTTPHandler({ router: this.#router(), basePath: '/trpc/' })
    this.#server = createServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${GATEWAY_TOKEN}`) response.writeHead(401).end()
      else if (request.url?.startsWith('/trpc/')) trpc(request, response)
      else {
        const blob = this.blobs.get(request.url?.slice('/blobs/'.length) ?? '')
        response.writeHead(blob ? 200 : 404).end(blob)
      }
    })
    await new Promise<void>((resolve) => this.#server?.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const wake of this.#waiting.splice(0)) wake()
    server?.closeAllConnections()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  #router() {
    const { procedure, router } = initTRPC.create()
    const gateway = router({
      pullSnapshot: procedure
        .input(PullSnapshot)
        .output(PulledSnapshot)
        .query(async ({ input }) => {
          if (input.have === this.snapshot.generation) {
            await new Promise<void>((resolve) => {
              this.#waiting.push(resolve)
              setTimeout(resolve, input.waitMs).unref()
            })
          }
          return { snapshot: input.have === this.snapshot.generation ? null : this.snapshot }
        }),
      observe: procedure.input(Observe).mutation(({ input }) => {
        for (const { endpointId, generation } of input.endpoints) this.observed.set(endpointId, generation)
        return { at: new Date().toISOString() }
      }),
      ingest: procedure
        .input(Ingest)
        .output(Ingested)
        .mutation(({ input }) => this.#ingest(input)),
    })
    return router({ gateway })
  }

  #ingest({ bootId, seq, seconds, predictions }: z.output<typeof Ingest>): z.input<typeof Ingested> {
    const key = `${bootId} ${seq}`
    if (!this.#batches.has(key)) {
      this.#batches.add(key)
      this.seconds.push(...seconds)
      for (const prediction of predictions) {
        if (this.predictions.has(prediction.id)) this.duplicates += 1
        this.predictions.set(prediction.id, prediction)
      }
    }
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1
      throw new Error('the answer is lost')
    }
    return { seq, stored: predictions.length, refused: 0 }
  }
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 10_000,
): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`waited in vain for ${what}`)
}
