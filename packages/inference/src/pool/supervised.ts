/** One model process kept alive: watched while it works, killed when it does not answer, started again, and left alone when that does not help. */
import type { ModelSignature } from '@modelyard/contracts/model'
import { Refusal } from '@modelyard/domain/refusal'
import type { Tensor } from '@modelyard/domain/tensor/tensor'
import { ModelProcess } from '../process/child.ts'
import type { ChildMessage, FailedMessage, LoadedMessage, PortNames, RanMessage } from '../process/messages.ts'

export type SupervisionOptions = {
  modelPath: string
  sha256: string
  signature: Pick<ModelSignature, 'inputs' | 'outputs'>
  entry: string
  threads: number
  runLimitMs: number
  loadLimitMs: number
  memoryLimitBytes: number
  /** How long a process that died five times within a minute is left alone. */
  quarantineMs: number
}

/** `startedAtMs` is Unix time as the child saw it; `runMs` the time inside the model. */
export type RunResult = { outputs: Tensor[]; startedAtMs: number; runMs: number }

const MAX_EXITS = 5
const EXIT_WINDOW_MS = 60_000

type Waiting<Result> = { resolve: (result: Result) => void; reject: (error: Refusal) => void }

function samePorts(expected: ModelSignature['inputs'], found: readonly PortNames[]): boolean {
  return (
    expected.length === found.length &&
    expected.every(({ name, dtype }, index) => found[index]?.name === name && found[index].dtype === dtype)
  )
}

export class SupervisedProcess {
  readonly #options: SupervisionOptions
  readonly #onIdle: () => void
  #process: ModelProcess | undefined
  #loading: Waiting<LoadedMessage> | undefined
  #running: (Waiting<RunResult> & { id: number }) | undefined
  #watchdog: NodeJS.Timeout | undefined
  #respawn: NodeJS.Timeout | undefined
  #exits: number[] = []
  #ready = false
  #closed = false
  #nextId = 1
  readonly restarts = { crash: 0, hang: 0 }
  #hung = false
  quarantinedUntilMs = 0

  constructor(options: SupervisionOptions, onIdle: () => void) {
    this.#options = options
    this.#onIdle = onIdle
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  get idle(): boolean {
    return this.#ready && !this.#running
  }

  get quarantined(): boolean {
    return performance.now() < this.quarantinedUntilMs
  }

  /** Starts the process, loads the model and warms it up. @throws Refusal `invalid` when the model does not load or run */
  start(): Promise<LoadedMessage> {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject }
      this.#spawn()
    })
  }

  /** Runs one batch; only while `idle`. @throws Refusal `internal` when the model fails, `unavailable` when it was killed */
  run(inputs: readonly Tensor[], traceparent: string | undefined): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      this.#running = { id, resolve, reject }
      this.#watch(this.#options.runLimitMs)
      this.#process?.send({ type: 'run', id, ...(traceparent === undefined ? {} : { traceparent }) }, inputs)
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#watchdog)
    clearTimeout(this.#respawn)
    this.#process?.kill()
  }

  #spawn(): void {
    const { entry, memoryLimitBytes, modelPath, sha256, threads, loadLimitMs } = this.#options
    this.#process = new ModelProcess(
      { entry, memoryLimitBytes },
      { message: (message, tensors) => this.#receive(message, tensors), exit: (detail) => this.#exited(detail) },
    )
    this.#process.send({ type: 'load', path: modelPath, sha256, threads })
    this.#watch(loadLimitMs)
  }

  #watch(limitMs: number): void {
    clearTimeout(this.#watchdog)
    this.#watchdog = setTimeout(() => {
      this.#hung = true
      this.#process?.kill()
    }, limitMs)
  }

  #receive(message: ChildMessage, tensors: Tensor[]): void {
    clearTimeout(this.#watchdog)
    if (message.type === 'loaded') this.#loaded(message)
    else if (message.type === 'failed' && message.id === null)
      this.#giveUp(`The model does not load: ${message.reason}`)
    else this.#answered(message, tensors)
  }

  #answered(message: RanMessage | FailedMessage, tensors: Tensor[]): void {
    const running = this.#running
    if (!running || running.id !== message.id) {
      // An answer nobody asked for: the child no longer follows the protocol.
      this.#process?.kill()
      return
    }
    this.#running = undefined
    if (message.type === 'ran')
      running.resolve({ outputs: tensors, startedAtMs: message.startedAtMs, runMs: message.runMs })
    else
      running.reject(new Refusal('internal', 'The model failed on this input.', { cause: new Error(message.reason) }))
    this.#onIdle()
  }

  #loaded(message: LoadedMessage): void {
    const { inputs, outputs } = this.#options.signature
    if (!samePorts(inputs, message.inputs) || !samePorts(outputs, message.outputs)) {
      this.#giveUp('The model does not have the inputs and outputs it is registered with.')
      return
    }
    this.#ready = true
    this.#loading?.resolve(message)
    this.#loading = undefined
    this.#onIdle()
  }

  #giveUp(reason: string): void {
    this.#loading?.reject(new Refusal('invalid', reason, { field: 'model' }))
    this.#closed ||= this.#loading !== undefined
    this.#loading = undefined
    this.#process?.kill()
  }

  #exited(detail: string): void {
    clearTimeout(this.#watchdog)
    this.#ready = false
    const loading = this.#loading
    this.#loading = undefined
    const running = this.#running
    this.#running = undefined
    const cause = new Error(detail)
    running?.reject(new Refusal('unavailable', 'The model process stopped or did not answer in time.', { cause }))
    loading?.reject(
      new Refusal('invalid', 'The model did not load and finish its first run in time.', { field: 'model', cause }),
    )
    // A model that never loaded is not tried again; its pool was never handed out.
    if (this.#closed || loading) return
    this.#restart()
  }

  #restart(): void {
    const now = performance.now()
    this.#exits = [...this.#exits.filter((at) => now - at < EXIT_WINDOW_MS), now]
    this.restarts[this.#hung ? 'hang' : 'crash'] += 1
    this.#hung = false
    if (this.#exits.length < MAX_EXITS) {
      this.#spawn()
      return
    }
    this.#exits = []
    this.quarantinedUntilMs = now + this.#options.quarantineMs
    this.#respawn = setTimeout(() => this.#spawn(), this.#options.quarantineMs)
    this.#onIdle()
  }
}
