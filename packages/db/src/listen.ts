import pg from 'pg'
import { CHANNELS, type Nudge } from './notify.ts'

const HEARTBEAT_MS = 5_000
const RETRY_MS = [100, 500, 1_000, 2_000]

export type Listener = {
  /** Hear nudges of one channel. `reconnected` comes after a gap: read the state again. Returns the way to stop. */
  on: (channel: Nudge['channel'], hear: (nudge: Nudge['payload'] | 'reconnected') => void) => () => void
  /** Whether the connection was alive within the last heartbeats. */
  alive: () => boolean
  close: () => Promise<void>
}
type Hear = (nudge: Nudge['payload'] | 'reconnected') => void

/** One LISTEN connection for a whole process. It proves that it hears by notifying itself, and reconnects for ever. */
export function listen(args: { databaseUrl: string; onError?: (error: Error) => void }): Listener {
  const ears = new Map<string, Set<Hear>>(CHANNELS.map((channel) => [channel, new Set<Hear>()]))
  let client: pg.Client | null = null
  let closed = false
  let failures = 0
  let heardAt = 0
  let timer: NodeJS.Timeout | undefined

  const connect = async () => {
    if (closed) return
    const next = new pg.Client({ connectionString: args.databaseUrl, keepAlive: true, connectionTimeoutMillis: 5_000 })
    next.on('error', () => lose(next))
    next.on('end', () => lose(next))
    next.on('notification', ({ channel, payload }) => {
      heardAt = performance.now()
      if (channel === 'modelyard_beat') return
      const nudge = JSON.parse(payload ?? '{}') as Nudge['payload']
      for (const hear of ears.get(channel) ?? []) hear(nudge)
    })
    client = next
    try {
      await next.connect()
      await next.query([...CHANNELS, 'modelyard_beat'].map((channel) => `listen ${channel}`).join(';'))
    } catch (error) {
      args.onError?.(error as Error)
      return lose(next)
    }
    heardAt = performance.now()
    if (failures > 0 || timer === undefined)
      for (const set of ears.values()) for (const hear of set) hear('reconnected')
    failures = 0
    timer = setInterval(() => beat(next), HEARTBEAT_MS)
    timer.unref()
  }
  const beat = (current: pg.Client) => {
    if (performance.now() - heardAt > 3 * HEARTBEAT_MS) return lose(current)
    current.query("select pg_notify('modelyard_beat', '{}')").catch(() => lose(current))
  }
  const lose = (lost: pg.Client) => {
    if (client !== lost) return
    client = null
    clearInterval(timer)
    lost.removeAllListeners()
    lost.on('error', () => {})
    lost.end().catch(() => {})
    if (closed) return
    setTimeout(() => void connect(), RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
  }
  void connect()
  return {
    on: (channel, hear) => {
      ears.get(channel)?.add(hear)
      return () => ears.get(channel)?.delete(hear)
    },
    alive: () => client !== null && performance.now() - heardAt < 3 * HEARTBEAT_MS,
    close: async () => {
      closed = true
      clearInterval(timer)
      await client?.end().catch(() => {})
    },
  }
}
