import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

/** Content of `--ready-file`. */
export type Ready = {
  consoleUrl: string
  apiUrl: string
  gatewayUrl: string
  adminEmail: string
  adminPassword: string
  apiKey: string
  pids: Record<string, number>
}

/** A folder that a stack keeps its things in; others must be able to pass through it to PostgreSQL's files. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-e2e-'))
  // Run as root, the database runs as another user; what that user cannot enter is kept elsewhere and would stay.
  chmodSync(folder, 0o711)
  return folder
}
export const removeFolder = (dir: string): void => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })

type Env = Record<string, string>

/** One command of the product as a person starts it, with its output. */
export class Command {
  output = ''
  readonly #child: ChildProcess
  readonly #readyFile: string
  readonly #ended: Promise<number | null>

  constructor(args: { command: 'start' | 'demo'; dataDir: string; portBase: number; flags?: string[]; env?: Env }) {
    this.#readyFile = join(args.dataDir, 'ready.json')
    const flags = [
      '--data',
      join(args.dataDir, 'data'),
      '--ready-file',
      this.#readyFile,
      '--port-base',
      String(args.portBase),
      ...(args.flags ?? []),
    ]
    this.#child = spawn(process.execPath, [entry, args.command, ...flags], {
      env: { ...process.env, NO_COLOR: '1', ...args.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get ready(): Ready {
    return JSON.parse(readFileSync(this.#readyFile, 'utf8')) as Ready
  }

  /** Wait for a line of the output; a command that ends before it fails with its last lines. */
  async line(pattern: RegExp, limitMs: number): Promise<void> {
    const until = Date.now() + limitMs
    let over = false
    void this.#ended.then(() => {
      over = true
    })
    while (!pattern.test(this.output)) {
      if (over || Date.now() > until)
        throw new Error(`${over ? 'it ended' : 'it took too long'} before ${pattern}:\n${this.tail()}`)
      await sleep(100)
    }
  }

  tail(lines = 60): string {
    return this.output.split('\n').slice(-lines).join('\n')
  }

  end(): Promise<number | null> {
    return this.#ended
  }

  /** Ctrl-C, and the exit code. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT')
    return this.#ended
  }

  /** Whatever is left of it when a test failed in between. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.interrupt()
  }
}

/** Whether a process lives, zombies not counted. */
export function lives(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^\d+ \(.*\) [ZX] /.test(stat)
  } catch {
    return false
  }
}
