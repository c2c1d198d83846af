import { isAlive } from '../../bootstrap/processes.mjs'
import type { KeptDatabase } from './database.ts'
import { proportionalBytes, withDescendants } from './descendants.ts'
import type { Log } from './log.ts'
import { type Ready, readyOf, removeReadyFile, writeReadyFile } from './ready.ts'
import { endProcesses, forgetRun, type RunRecord, recordRun } from './run-file.ts'
import type { Service, StackFacts } from './services.ts'
import type { Supervised } from './supervised.ts'

const RECORD_EVERY_MS = 5_000

export type Member = { service: Service; process: Supervised }

/** A running Modelyard: its processes, and the one way to stop them all. */
export class Stack {
  readonly facts: StackFacts
  readonly log: Log
  readonly #supervisor: RunRecord['supervisor']
  readonly #database: KeptDatabase
  readonly #readyFile: string | undefined
  readonly #members: Member[] = []
  readonly #startedAt = new Date().toISOString()
  #known: RunRecord['processes'] = []
  #isReady = false
  #stopping: Promise<void> | undefined
  #timer: NodeJS.Timeout

  constructor(options: {
    facts: StackFacts
    log: Log
    supervisor: RunRecord['supervisor']
    database: KeptDatabase
    readyFile: string | undefined
  }) {
    this.facts = options.facts
    this.log = options.log
    this.#supervisor = options.supervisor
    this.#database = options.database
    this.#readyFile = options.readyFile
    // Grandchildren come and go without telling us; the record must know them before we may die.
    this.#timer = setInterval(() => this.record(), RECORD_EVERY_MS)
  }

  get ready(): Ready {
    return readyOf(this.facts, this.pids)
  }

  /** Process ids by name, of those that live now. */
  get pids(): Record<string, number> {
    const pids: Record<string, number> = { supervisor: this.#supervisor.pid }
    if (this.#database.identity) pids.postgres = this.#database.identity.pid
    for (const { process: member } of this.#members) {
      if (member.identity && isAlive(member.identity)) pids[member.name] = member.identity.pid
    }
    return pids
  }

  add(member: Member): void {
    this.#members.push(member)
  }

  /** From now on the ready file exists and follows every restart. */
  announce(): void {
    this.#isReady = true
    this.record()
  }

  /** Writes down what is running, for the next start and for whoever reads the ready file. */
  record(): void {
    if (this.#stopping) return
    this.#known = this.#family()
    const { dataDir, ports } = this.facts
    recordRun(dataDir, { supervisor: this.#supervisor, startedAt: this.#startedAt, ports, processes: this.#known })
    if (this.#isReady) writeReadyFile(this.#readyFile, this.ready)
  }

  /** All processes of the stack that live, also those whose parent was killed since the last look. */
  #family(): RunRecord['processes'] {
    const orphans = this.#known.filter(isAlive)
    const current = this.#members.flatMap(({ process: member }) =>
      member.identity ? withDescendants([member.identity.pid]).map((one) => ({ name: member.name, ...one })) : [],
    )
    return [...new Map([...orphans, ...current].map((one) => [one.pid, one])).values()]
  }

  /** Memory by process in bytes (proportional share), children included; for the whole stack sum the values. */
  memory(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.pids).map(([name, pid]) => {
        const family = name === 'supervisor' ? [{ pid }] : withDescendants([pid])
        return [name, family.reduce((sum, member) => sum + proportionalBytes(member.pid), 0)]
      }),
    )
  }

  /** Stops everything in order; called twice it waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer)
    const family = this.#family()
    removeReadyFile(this.#readyFile)
    const started = Date.now()
    for (const isClient of [true, false]) {
      const leaving = this.#members.filter(({ service }) => service.isClient === isClient)
      await Promise.all(leaving.map(({ service, process: member }) => member.stop(service.graceMs)))
    }
    await endProcesses(family, 1_000)
    await this.#database.stop()
    forgetRun(this.facts.dataDir)
    this.log.say(`stopped, in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  }

  /** Ends everything at once; the next start cleans up. */
  kill(): void {
    for (const { process: member } of this.#members) member.kill()
    this.#database.kill()
  }
}
