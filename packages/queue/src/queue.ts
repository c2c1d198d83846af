import { type Handlers, isTopic, SCHEDULES, type Schedule, type Topic } from './catalogue.ts'
import { type Closable, type Connection, connectPostgres, connectRedis, type Producer } from './connection.ts'

const ENQUEUE_MS = 2_000
const RETRY_MS = 2_000

export type QueueConfig = {
  databaseUrl: string
  /** Redis instead of PostgreSQL. */
  redisUrl?: string | undefined
  onError: (error: Error) => void
}

export type Queue = {
  backend: 'postgres' | 'redis'
  /** Nudge. False when the backend did not take it in two seconds: the sweep will find the work, so nobody retries. */
  enqueue: (topic: Topic, message: { id: string }) => Promise<boolean>
  /** Take messages in this process; waits for the backend for as long as it takes. `close` lets running ones end. */
  serve: (handlers: Handlers) => Closable
  /** Bring the backend's schedules in line with the catalogue; answers how many it changed. A flushed backend gets all back. */
  reconcile: (schedules?: readonly Schedule[]) => Promise<number>
  close: () => Promise<void>
}

/** Open the queue: PostgreSQL by default, Redis where it is configured. Nothing is connected before it is used. */
export function openQueue(config: QueueConfig): Queue {
  const { redisUrl, onError } = config
  const connection = redisUrl ? connectRedis(redisUrl, onError) : connectPostgres(config.databaseUrl, onError)
  const ready = retryable(() => connection.prepare())
  const producer = retryable(async () => {
    await ready()
    return connection.produce()
  })
  const open = new Set<Closable>()
  return {
    backend: connection.backend,
    enqueue: (topic, message) => enqueue(producer, { topic, message, onError }),
    serve: (handlers) => {
      const served = serve(connection, { ready, handlers, onError })
      open.add(served)
      return served
    },
    reconcile: async (schedules = SCHEDULES) => reconcile(await producer(), schedules),
    close: async () => {
      await Promise.all([...open].map((served) => served.close()))
      const made = await producer.made()?.catch(() => null)
      await made?.close()
      await connection.close()
    },
  }
}

type Retryable<T> = (() => Promise<T>) & { made: () => Promise<T> | undefined }

/** Made once; a failure is not remembered. */
function retryable<T>(make: () => Promise<T>): Retryable<T> {
  let made: Promise<T> | undefined
  const get = () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  return Object.assign(get, { made: () => made })
}

type Nudge = { topic: Topic; message: { id: string }; onError: (error: Error) => void }

async function enqueue(producer: Retryable<Producer>, { topic, message, onError }: Nudge): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not take ${topic} in time`)), ENQUEUE_MS)
  })
  const added = producer().then((made) => made.add(topic, message))
  // It may still fail after the time is up, when nobody waits for it any more.
  added.catch(() => {})
  try {
    await Promise.race([added, late])
    return true
  } catch (error) {
    onError(error as Error)
    return false
  } finally {
    clearTimeout(timer)
  }
}

type Serving = { ready: () => Promise<void>; handlers: Handlers; onError: (error: Error) => void }

function serve(connection: Connection, { ready, handlers, onError }: Serving): Closable {
  const stop = new AbortController()
  const process = async (topic: string, message: { id?: unknown }) => {
    // A newer version's topic, or a hand-made message: dropping it is what losing it would be.
    if (!isTopic(topic) || typeof message.id !== 'string') return
    await handlers[topic](message.id)
  }
  const starting = (async () => {
    while (!stop.signal.aborted) {
      try {
        await ready()
        return stop.signal.aborted ? null : connection.consume(process)
      } catch (error) {
        onError(error as Error)
        await pause(RETRY_MS, stop.signal)
      }
    }
    return null
  })()
  return {
    close: async () => {
      stop.abort()
      await (await starting)?.close()
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Only what differs is written: writing a schedule again would move its next time. */
async function reconcile(producer: Producer, wanted: readonly Schedule[]): Promise<number> {
  const known = await producer.schedules()
  const stale = known.filter(({ key }) => !wanted.some(({ name }) => name === key))
  for (const { key } of stale) await producer.unschedule(key)
  const missing = wanted.filter(
    ({ name, topic, everyMs }) =>
      !known.some((schedule) => schedule.key === name && schedule.name === topic && Number(schedule.every) === everyMs),
  )
  for (const schedule of missing) await producer.schedule(schedule)
  return stale.length + missing.length
}
