import {
  Queue as BullQueue,
  Worker as BullWorker,
  type ConnectionOptions,
  createPostgresBackend,
  type JobSchedulerJson,
  runMigrations,
  withBackend,
} from 'bullmq'
import pg from 'pg'

export const QUEUE_NAME = 'modelyard'
const SCHEMA = 'bullmq'
const KEEP = { removeOnComplete: { count: 100, age: 86_400 }, removeOnFail: { count: 500, age: 14 * 86_400 } }

export type Message = { id: string }
export type Process = (topic: string, message: Message) => Promise<void>
export type Closable = { close: () => Promise<void> }

/** What both backends can do, without their types. */
export type Connection = {
  backend: 'postgres' | 'redis'
  /** Make the backend usable: create or upgrade its tables, where it has any. */
  prepare: () => Promise<void>
  produce: () => Producer
  consume: (process: Process) => Closable
  close: () => Promise<void>
}
export type Producer = Closable & {
  add: (topic: string, message: Message) => Promise<unknown>
  schedules: () => Promise<JobSchedulerJson[]>
  schedule: (args: { name: string; topic: string; everyMs: number }) => Promise<unknown>
  unschedule: (name: string) => Promise<unknown>
}

type OnError = (error: Error) => void
type Named = BullQueue<Message, void, string, Message, void, string>
/** BullMQ's classes over either backend; the types of their options differ and matter to nobody here. */
type Classes = {
  Queue: new (name: string, options: object) => Named
  Worker: new (
    name: string,
    process: (job: { name: string; data: Message }) => Promise<void>,
    options: object,
  ) => BullWorker
}

/**
 * PostgreSQL, in a schema of its own. It gets a pool and not an address: BullMQ's ESM build cannot load the driver by
 * itself. Three connections: two for queries, one that listens.
 */
export function connectPostgres(databaseUrl: string, onError: OnError): Connection {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 3,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    options: `-c search_path=${SCHEMA},public`,
    application_name: 'modelyard-queue',
  })
  pool.on('error', onError)
  const prepare = async () => {
    const client = await pool.connect()
    try {
      await runMigrations(client, SCHEMA)
    } finally {
      client.release()
    }
  }
  const rest = overBackend(withBackend(createPostgresBackend) as unknown as Classes, pool, onError)
  return { backend: 'postgres', prepare, ...rest, close: () => pool.end() }
}

/** Redis 5 or newer, with `maxmemory-policy noeviction`. */
export function connectRedis(redisUrl: string, onError: OnError): Connection {
  const at = new URL(redisUrl)
  const connection: ConnectionOptions = {
    host: at.hostname,
    port: Number(at.port || 6379),
    ...(at.username ? { username: decodeURIComponent(at.username) } : {}),
    ...(at.password ? { password: decodeURIComponent(at.password) } : {}),
    db: Number(at.pathname.slice(1) || 0),
    ...(at.protocol === 'rediss:' ? { tls: {} } : {}),
    maxRetriesPerRequest: null,
  }
  const rest = overBackend({ Queue: BullQueue, Worker: BullWorker } as unknown as Classes, connection, onError)
  return { backend: 'redis', prepare: async () => {}, ...rest, close: async () => {} }
}

function overBackend(
  { Queue, Worker }: Classes,
  connection: object,
  onError: OnError,
): Pick<Connection, 'produce' | 'consume'> {
  const shared = { connection, prefix: QUEUE_NAME }
  const produce = (): Producer => {
    const queue = new Queue(QUEUE_NAME, { ...shared, defaultJobOptions: KEEP })
    queue.on('error', onError)
    return {
      add: (topic, message) => queue.add(topic, message),
      schedules: () => queue.getJobSchedulers(),
      schedule: ({ name, topic, everyMs }) =>
        queue.upsertJobScheduler(name, { every: everyMs }, { name: topic, data: { id: name }, opts: KEEP }),
      unschedule: (name) => queue.removeJobScheduler(name),
      close: () => queue.close(),
    }
  }
  const consume = (process: Process): Closable => {
    const timing = { lockDuration: 60_000, stalledInterval: 15_000, maxStalledCount: 3, runRetryDelay: 2_000 }
    const worker = new Worker(QUEUE_NAME, async ({ name, data }) => process(name, data), {
      ...shared,
      ...timing,
      concurrency: 4,
    })
    worker.on('error', onError)
    return { close: () => worker.close() }
  }
  return { produce, consume }
}
