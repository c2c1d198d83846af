import pg from 'pg'
import { CHANNELS, type Nudge } from './notify.ts'

const HEARTBEAT_MS = 5_000
const RETRY_MS = [100, 500, 1_000, 2_000]
const BEAT = 'modelyard_beat'

type Hear = (nudge: Nudge['payload'] | 'reconnected') => void
type Options = { databaseUrl: string; onError?: (error: Error) => void }

/** One LISTEN connection for a whole process. It proves that it hears by notifying itself, and reconnects for ever. */
export class Listener {
  readonly #options: Options
  readonly #ears = new Map<string, Set<Hear>>(CHANNELS.map((channel) => [channel, new Set<Hear>()]))
  #client: pg.Client | null = null
  #closed = false
  #failures = 0
  #heardAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
    void this.#connect()
  }

  /** Hear nudges of one channel. `reconnected` comes after a gap: read the state again. Returns the way to stop. */
  on(channel: Nudge['channel'], hear: Hear): () => void {
    this.#ears.get(channel)?.add(hear)
    return () => this.#ears.get(channel)?.delete(hear)
  }

  /** Whether the connection was alive within the last heartbeats. */
  alive(): boolean {
    return this.#client !== null && performance.now() - this.#heardAt < 3 * HEARTBEAT_MS
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    if (this.#closed) return
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    client.on('notification', (notification) => this.#hear(notification))
    this.#client = client
    try {
      await client.connect()
      await client.query([...CHANNELS, BEAT].map((channel) => `listen ${channel}`).join(';'))
    } catch (error) {
      this.#options.onError?.(error as Error)
      return this.#lose(client)
    }
    this.#heardAt = performance.now()
    this.#failures = 0
    for (const ears of this.#ears.values()) for (const hear of ears) hear('reconnected')
    this.#timer = setInterval(() => this.#beat(client), HEARTBEAT_MS)
    this.#timer.unref()
  }

  #hear({ channel, payload }: pg.Notification): void {
    this.#heardAt = performance.now()
    if (channel === BEAT) return
    const nudge = JSON.parse(payload ?? '{}') as Nudge['payload']
    for (const hear of this.#ears.get(channel) ?? []) hear(nudge)
  }

  #beat(client: pg.Client): void {
    if (performance.now() - this.#heardAt > 3 * HEARTBEAT_MS) return this.#lose(client)
    client.query(`select pg_notify('${BEAT}', '{}')`).catch(() => this.#lose(client))
  }

  #lose(lost: pg.Client): void {
    if (this.#client !== lost) return
    this.#client = null
    clearInterval(this.#timer)
    lost.removeAllListeners()
    lost.on('error', () => {})
    lost.end().catch(() => {})
    if (this.#closed) return
    setTimeout(() => void this.#connect(), RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)])
  }
}

export const listen = (options: Options): Listener => new Listener(options)
