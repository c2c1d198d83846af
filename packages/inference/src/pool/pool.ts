/** A model ready to answer: processes that hold it, and the bounded queue in front of them. */
import type { ModelSignature } from '@modelyard/contracts/model'
import { isRefusal, Refusal } from '@modelyard/domain/refusal'
import type { Tensor } from '@modelyard/domain/tensor/tensor'
import { defaultEntry } from '../process/child.ts'
import type { LoadedMessage } from '../process/messages.ts'
import { batchKey, isBatchable, joinRows, splitRows } from './batch.ts'
import { checkInputs } from './check.ts'
import { type RunResult, SupervisedProcess, type SupervisionOptions } from './supervised.ts'

export type PoolOptions = {
  /** A plain file with one link; the process that loads it checks its hash. */
  modelPath: string
  sha256: string
  signature: Pick<ModelSignature, 'inputs' | 'outputs'>
  /** The model process's code; by default found beside this module or beside the bundle. */
  entry?: string
  processes?: number
  /** Threads inside one run. */
  threads?: number
  maxBatchRows?: number
  /** Rows that may wait; beyond them requests are refused at once. */
  maxQueuedRows?: number
  runLimitMs?: number
  loadLimitMs?: number
  memoryLimitBytes?: number
  quarantineMs?: number
  /** Ends the pool at once, also while it is loading. */
  signal?: AbortSignal
}

export type InferRequest = {
  inputs: readonly Tensor[]
  /** On the clock of `performance.now()`; a request still waiting then is refused. */
  deadlineMs?: number
  traceparent?: string
}

/** `batchRows` is how many rows shared the run; `queueMs` what the request waited for its turn. */
export type InferResult = RunResult & { batchRows: number; queueMs: number }

export type PoolStats = {
  state: 'ready' | 'starting' | 'quarantined' | 'closed'
  pids: number[]
  queuedRows: number
  runs: number
  rows: number
  failures: number
  /** `hang`: killed because it did not answer in time. */
  restarts: { crash: number; hang: number }
  loadMs: number
  warmMs: number
}

type Pending = {
  inputs: Tensor[]
  rows: number
  key: string
  enqueuedMs: number
  deadlineMs: number
  traceparent: string | undefined
  resolve: (result: InferResult) => void
  reject: (error: unknown) => void
}

const SWEEP_MS = 20
const DRAIN_POLL_MS = 10
const GIBIBYTE = 2 ** 30

function supervisionOf(options: PoolOptions): SupervisionOptions {
  return {
    modelPath: options.modelPath,
    sha256: options.sha256,
    signature: options.signature,
    entry: options.entry ?? defaultEntry(),
    threads: options.threads ?? 1,
    runLimitMs: options.runLimitMs ?? 10_000,
    loadLimitMs: options.loadLimitMs ?? 30_000,
    memoryLimitBytes: options.memoryLimitBytes ?? 4 * GIBIBYTE,
    quarantineMs: options.quarantineMs ?? 60_000,
  }
}

export class ModelPool {
  readonly #signature: PoolOptions['signature']
  readonly #processes: SupervisedProcess[]
  readonly #batchable: boolean
  readonly #maxBatchRows: number
  readonly #maxQueuedRows: number
  #queue: Pending[] = []
  #queuedRows = 0
  #running = 0
  #alone = 0
  #scheduled = false
  #sweep: NodeJS.Timeout | undefined
  #closed = false
  #counts = { runs: 0, rows: 0, failures: 0 }
  #loaded: Pick<LoadedMessage, 'loadMs' | 'warmMs'> = { loadMs: 0, warmMs: 0 }

  constructor(options: PoolOptions) {
    this.#signature = options.signature
    this.#batchable = isBatchable(options.signature)
    this.#maxBatchRows = this.#batchable ? (options.maxBatchRows ?? 64) : 1
    this.#maxQueuedRows = options.maxQueuedRows ?? 2048
    const supervision = supervisionOf(options)
    const count = options.processes ?? 1
    this.#processes = Array.from({ length: count }, () => new SupervisedProcess(supervision, () => this.#dispatch()))
  }

  async start(): Promise<void> {
    const [first] = await Promise.all(this.#processes.map((process) => process.start()))
    if (first) this.#loaded = { loadMs: first.loadMs, warmMs: first.warmMs }
  }

  /**
   * Runs the model on one request's rows, together with whatever else waits.
   * @throws Refusal `invalid`/`too_large` (the input), `busy` (queue full), `timeout` (waited past its deadline),
   * `internal` (the model failed on it) or `unavailable` (killed, quarantined, closed)
   */
  async infer(request: InferRequest): Promise<InferResult> {
    const inputs = checkInputs(this.#signature, request.inputs)
    const rows = this.#batchable ? (inputs[0]?.shape[0] ?? 0) : 1
    if (rows === 0) throw new Refusal('invalid', 'At least one row is needed.', { field: 'inputs' })
    if (this.#closed) throw new Refusal('unavailable', 'This model is being unloaded.')
    if (this.#processes.every((process) => process.quarantined)) {
      throw new Refusal('unavailable', 'This model is out of service: its process stopped five times within a minute.')
    }
    // An empty queue takes any one request, so that a batch larger than the bound is slow and not impossible.
    if (this.#queuedRows > 0 && this.#queuedRows + rows > this.#maxQueuedRows) {
      throw new Refusal('busy', 'Too many requests wait for this model.', { details: { retryAfterMs: 1000 } })
    }
    return new Promise((resolve, reject) => {
      const deadlineMs = request.deadlineMs ?? Number.POSITIVE_INFINITY
      const { traceparent } = request
      this.#queue.push({
        inputs,
        rows,
        key: batchKey(inputs),
        enqueuedMs: performance.now(),
        deadlineMs,
        traceparent,
        resolve,
        reject,
      })
      this.#queuedRows += rows
      this.#schedule()
    })
  }

  stats(): PoolStats {
    const processes = this.#processes
    const pids = processes.map(({ pid }) => pid).filter((pid) => pid !== undefined)
    const quarantined = processes.every((process) => process.quarantined)
    const ready = processes.some((process) => process.idle) || this.#running > 0
    const state = this.#closed ? 'closed' : quarantined ? 'quarantined' : ready ? 'ready' : 'starting'
    const restarts = { crash: 0, hang: 0 }
    for (const process of processes) {
      restarts.crash += process.restarts.crash
      restarts.hang += process.restarts.hang
    }
    return { state, pids, queuedRows: this.#queuedRows, ...this.#counts, restarts, ...this.#loaded }
  }

  /** Takes no more requests, answers those it has for up to `drainMs`, then ends the processes. */
  async close(drainMs = 5000): Promise<void> {
    this.#closed = true
    const until = performance.now() + drainMs
    while ((this.#queue.length > 0 || this.#running > 0) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS))
    }
    clearInterval(this.#sweep)
    for (const pending of this.#queue.splice(0))
      pending.reject(new Refusal('unavailable', 'This model is being unloaded.'))
    this.#queuedRows = 0
    for (const process of this.#processes) process.close()
  }

  // One turn of the event loop: whatever arrives in it shares the run, and nobody waits for a timer.
  #schedule(): void {
    this.#sweep ??= setInterval(() => this.#dropLate(), SWEEP_MS)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#dispatch()
    })
  }

  #dispatch(): void {
    for (const process of this.#processes) {
      if (this.#queue.length === 0) break
      if (process.idle) void this.#run(process, this.#take())
    }
    if (this.#queue.length > 0 && this.#processes.every((process) => process.quarantined)) {
      this.#drop(() => true, new Refusal('unavailable', 'This model is out of service: its process keeps stopping.'))
    }
  }

  #take(): Pending[] {
    const key = this.#queue[0]?.key
    let rows = 0
    let count = 0
    for (const pending of this.#queue) {
      if (pending.key !== key || (count > 0 && rows + pending.rows > this.#maxBatchRows)) break
      rows += pending.rows
      count += 1
    }
    this.#queuedRows -= rows
    return this.#queue.splice(0, count)
  }

  async #run(process: SupervisedProcess, batch: Pending[]): Promise<void> {
    const started = performance.now()
    const batchRows = batch.reduce((sum, { rows }) => sum + rows, 0)
    this.#running += 1
    try {
      const result = await process.run(joinRows(batch.map(({ inputs }) => inputs)), batch[0]?.traceparent)
      const parts = splitRows(
        result.outputs,
        batch.map(({ rows }) => rows),
      )
      this.#counts.runs += 1
      this.#counts.rows += batchRows
      batch.forEach(({ resolve, enqueuedMs }, index) => {
        resolve({ ...result, outputs: parts[index] ?? [], batchRows, queueMs: started - enqueuedMs })
      })
    } catch (error) {
      this.#failed(batch, error)
    } finally {
      this.#running -= 1
    }
  }

  // One row that a model cannot digest must not fail its neighbours: they are tried again, each alone.
  #failed(batch: Pending[], error: unknown): void {
    this.#counts.failures += 1
    if (batch.length === 1 || !isRefusal(error) || error.code !== 'internal') {
      for (const pending of batch) pending.reject(error)
      return
    }
    for (const pending of batch) {
      this.#alone += 1
      this.#queue.unshift({ ...pending, key: `alone ${this.#alone}` })
      this.#queuedRows += pending.rows
    }
    this.#schedule()
  }

  #dropLate(): void {
    const now = performance.now()
    this.#drop(
      ({ deadlineMs }) => deadlineMs <= now,
      new Refusal('timeout', 'The deadline passed while the request waited.'),
    )
    if (this.#queue.length > 0) return
    clearInterval(this.#sweep)
    this.#sweep = undefined
  }

  #drop(late: (pending: Pending) => boolean, error: Refusal): void {
    const dropped = this.#queue.filter(late)
    if (dropped.length === 0) return
    this.#queue = this.#queue.filter((pending) => !late(pending))
    for (const pending of dropped) {
      this.#queuedRows -= pending.rows
      pending.reject(error)
    }
  }
}

/**
 * Starts the processes of a model, loads it, warms it up, and gives the pool when it is ready to answer.
 * @throws Refusal `invalid` when the model does not load, has another hash, other inputs, or no end
 */
export async function createModelPool(options: PoolOptions): Promise<ModelPool> {
  options.signal?.throwIfAborted()
  const pool = new ModelPool(options)
  options.signal?.addEventListener('abort', () => void pool.close(0), { once: true })
  try {
    await pool.start()
    return pool
  } catch (error) {
    await pool.close(0)
    throw error
  }
}
