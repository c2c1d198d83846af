import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownerOf } from '../../bootstrap/ports.mjs'
import { type Postgres, startPostgres } from '../../bootstrap/postgres.mjs'
import { isAlive, type ProcessIdentity, send } from '../../bootstrap/processes.mjs'
import type { Log } from './log.ts'
import { pauseMs } from './supervised.ts'

const LOOK_MS = 500

/** The database of a stack: somebody else's by `DATABASE_URL`, or our own, which is kept alive. */
export class KeptDatabase {
  readonly url: string
  readonly #postgres: Postgres | undefined
  #identity: ProcessIdentity | undefined
  #wanted = true

  constructor(url: string, postgres?: Postgres) {
    this.url = url
    this.#postgres = postgres
    this.#identity = postgres?.identity
  }

  /** undefined for a database that is not ours. */
  get identity(): ProcessIdentity | undefined {
    return this.#identity
  }

  /** Starts it again whenever it dies, on the same port, since every service knows that address. */
  keep(options: { dataDir: string; log: Log; changed: () => void }): void {
    if (this.#postgres) void this.#keep(this.#postgres.port, options)
  }

  async #keep(port: number, options: { dataDir: string; log: Log; changed: () => void }): Promise<void> {
    let failures = 0
    while (this.#wanted) {
      await sleep(LOOK_MS, undefined, { ref: false })
      if (!this.#wanted || !this.#identity || isAlive(this.#identity)) continue
      options.log.say('postgres ended unasked; starting it again')
      try {
        const again = await startPostgres({ home: join(options.dataDir, 'postgres'), port, samePort: true })
        this.#identity = again.identity
        failures = 0
        options.changed()
        options.log.say(`postgres is back (pid ${again.identity.pid})`)
      } catch (error) {
        const owner = ownerOf(port)
        const why = owner ? `port ${port} was taken by ${owner}` : String(error)
        options.log.say(`postgres does not come back: ${why}`)
        await sleep(pauseMs(failures), undefined, { ref: false })
        failures += 1
      }
    }
  }

  async stop(): Promise<void> {
    this.#wanted = false
    if (!this.#identity) return
    await this.#postgres?.stop(this.#identity)
  }

  /** Immediate shutdown: the next start replays the journal. */
  kill(): void {
    this.#wanted = false
    if (this.#identity) send(this.#identity.pid, 'SIGQUIT')
  }
}

/** Takes the database given, or starts (or adopts) the one of the data folder. */
export async function openDatabase(options: {
  databaseUrl: string | undefined
  dataDir: string
  port: number
  log: Log
}): Promise<KeptDatabase> {
  if (options.databaseUrl) {
    options.log.say(`database: ${new URL(options.databaseUrl).host} (DATABASE_URL)`)
    return new KeptDatabase(options.databaseUrl)
  }
  const owner = ownerOf(options.port)
  const postgres = await startPostgres({ home: join(options.dataDir, 'postgres'), port: options.port })
  if (!postgres.adopted && postgres.port !== options.port) {
    options.log.say(`port ${options.port} is taken by ${owner ?? 'another program'}; postgres uses ${postgres.port}`)
  }
  const how = postgres.adopted ? 'found running' : 'started'
  options.log.say(`database: PostgreSQL (${postgres.origin}) ${how} on 127.0.0.1:${postgres.port}`)
  return new KeptDatabase(postgres.url, postgres)
}
