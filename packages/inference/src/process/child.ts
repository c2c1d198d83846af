/** Starts and stops one model process, and carries frames to and from it. Deciding what to send is the pool's matter. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tensor } from '@modelyard/domain/tensor/tensor'
import { encodeFrame, FrameReader } from './frames.ts'
import type { ChildMessage, ParentMessage } from './messages.ts'

const CHANNEL_FD = 3
const MAX_STDERR_CHARS = 4000

// Bounds the address space (a model that asks for more gets an error, not the machine's memory), and where the tool is
// there makes the kernel kill a model that runs on after its parent was killed. `$1` is in KiB.
const LAUNCH = `ulimit -v "$1" 2>/dev/null
shift
command -v setpriv >/dev/null 2>&1 && exec setpriv --pdeathsig KILL -- "$@"
exec "$@"`

/** Where the child's code lies: beside this file in source, or `model-process.mjs` beside the bundle. */
export function defaultEntry(): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? './main.ts' : './model-process.mjs', here))
}

export type ModelProcessEvents = {
  message: (message: ChildMessage, tensors: Tensor[]) => void
  /** Called once, however it ended; `detail` is what it last wrote to its error stream. */
  exit: (detail: string) => void
}

export class ModelProcess {
  readonly #child: ChildProcess
  readonly #channel: Socket
  readonly #home: string
  #stderr = ''
  #ended = false

  /** `memoryLimitBytes` bounds the address space, of which Node itself takes about 1.5 GB without using it. */
  constructor(options: { entry: string; memoryLimitBytes: number }, events: ModelProcessEvents) {
    this.#home = mkdtempSync(join(tmpdir(), 'modelyard-model-'))
    const limitKiB = String(Math.floor(options.memoryLimitBytes / 1024))
    this.#child = spawn('/bin/sh', ['-c', LAUNCH, 'sh', limitKiB, process.execPath, options.entry], {
      // A model resolves relative paths against the working directory and reads nothing else: both are empty.
      cwd: this.#home,
      env: { ORT_DISABLE_TELEMETRY: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    this.#channel = this.#child.stdio[CHANNEL_FD] as Socket
    const reader = new FrameReader<ChildMessage>(({ header, tensors }) => events.message(header, tensors))
    this.#channel.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch {
        this.kill()
      }
    })
    this.#channel.on('error', () => this.kill())
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-MAX_STDERR_CHARS)
    })
    const end = (detail: string) => {
      if (this.#ended) return
      this.#ended = true
      this.#channel.destroy()
      rmSync(this.#home, { recursive: true, force: true })
      events.exit(detail)
    }
    this.#child.on('error', (error) => end(error.message))
    this.#child.on('exit', (code, signal) => end(`${signal ?? `exit code ${code}`} ${this.#stderr}`.trim()))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(message: ParentMessage, tensors: readonly Tensor[] = []): void {
    if (!this.#ended) this.#channel.write(encodeFrame(message, tensors))
  }

  /** No other signal ends a model that computes. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
