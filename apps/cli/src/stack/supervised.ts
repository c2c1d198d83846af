import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup, identify, type ProcessIdentity, send } from '../../bootstrap/processes.mjs'
import { withDescendants } from './descendants.ts'
import type { Log } from './log.ts'
import { endProcesses } from './run-file.ts'

/** How a program is started: its arguments to Node, folder and whole environment. */
export type Command = { args: string[]; cwd: string; env: Record<string, string> }

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000
/** After this long the program counts as sound again and the pause starts over. */
const SOUND_MS = 30_000

/** The pause before the n-th restart in a row (from 0). */
export function pauseMs(restarts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(restarts, 10))
}

/**
 * A program that is wanted alive: one that ends unasked is started again, after a pause that grows while it keeps
 * failing. It leads its own process group, so that Ctrl-C reaches it through the supervisor and in order.
 */
export class Supervised {
  readonly name: string
  readonly #command: Command
  readonly #log: Log
  readonly #changed: () => void
  #child: ChildProcess | undefined
  #identity: ProcessIdentity | undefined
  #wanted = false
  #restartsInRow = 0

  constructor(options: { name: string; command: Command; log: Log; changed: () => void }) {
    this.name = options.name
    this.#command = options.command
    this.#log = options.log
    this.#changed = options.changed
  }

  get identity(): ProcessIdentity | undefined {
    return this.#identity
  }

  start(): void {
    this.#wanted = true
    this.#launch()
  }

  #launch(): void {
    const { args, cwd, env } = this.#command
    const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const startedAt = Date.now()
    this.#child = child
    this.#identity = child.pid === undefined ? undefined : identify(child.pid)
    this.#log.follow(this.name, child.stdout)
    this.#log.follow(this.name, child.stderr)
    const ended = (reason: string): void => {
      if (this.#child === child && this.#wanted) void this.#restart(Date.now() - startedAt, reason)
    }
    child.once('error', (error) => child.pid === undefined && ended(error.message))
    child.once('exit', (code, signal) => ended(signal ?? `exit ${code}`))
    this.#changed()
  }

  async #restart(livedMs: number, reason: string): Promise<void> {
    if (livedMs > SOUND_MS) this.#restartsInRow = 0
    const pause = pauseMs(this.#restartsInRow)
    this.#restartsInRow += 1
    this.#log.say(`${this.name} ended unasked (${reason}); starting it again in ${pause} ms`)
    await sleep(pause, undefined, { ref: false })
    if (this.#wanted) this.#launch()
  }

  /** Ends it and all it started: SIGTERM to the group, SIGKILL to whatever is left after the grace. */
  async stop(graceMs: number): Promise<void> {
    this.#wanted = false
    if (!this.#identity) return
    const family = withDescendants([this.#identity.pid])
    await endGroup(this.#identity, graceMs)
    // Grandchildren in groups of their own get a second to follow their parent.
    await endProcesses(family, 1_000)
  }

  /** Ends it at once, with what it started. */
  kill(): void {
    this.#wanted = false
    for (const { pid } of this.#identity ? withDescendants([this.#identity.pid]) : []) send(pid, 'SIGKILL')
  }
}
