import 'server-only'
import { openStore } from '@modelyard/artifacts'
import { type Auth, createAuth, hashPassword, readSession } from '@modelyard/auth'
import { type Database, listen, openDatabase, tables } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import {
  type Ctx,
  createHub,
  type Happened,
  type Hub,
  type Log,
  type Principal,
  systemPorts,
} from '@modelyard/services'
import { createLogger, inject, type Metrics, sharedMetrics } from '@modelyard/telemetry'
import type { CallContext } from '@modelyard/trpc'
import { type Env, readEnv } from './env.ts'

export type Wired = {
  env: Env
  log: Log
  auth: Auth
  hub: Hub
  database: Database
  metrics: Metrics<'console'>
  ctxOf: (principal: Principal) => Ctx
}

/** The only place of this process that knows which adapters there are. */
function build(): Wired {
  const env = readEnv()
  const log = createLogger({ process: 'console', level: env.LOG_LEVEL })
  const onError = (err: Error) => log.warn({ err }, 'lost a database connection')
  const database = openDatabase({ databaseUrl: env.DATABASE_URL, max: 8, onError })
  const metrics = createConsoleMetrics(database, env.MODELYARD_COMMIT)
  const system = {
    ...systemPorts(env.MODELYARD_SECRET),
    db: database.db,
    blobs: openStore({ url: env.MODELYARD_BLOB_URL, dir: env.MODELYARD_BLOB_DIR }),
    log,
    // This process never opens a model: apps/api registers them.
    inspectModel: async () => refuse('unsupported', 'register models through the API, not through the console'),
    hashPassword,
    nudge: async () => {},
    happened: (event: Happened) => {
      if (event.kind === 'rollout_decided') metrics.rolloutDecisions.inc({ kind: event.decision, reason: event.reason })
    },
    traceparent: inject,
    webhookAllow: env.MODELYARD_WEBHOOK_ALLOW.split(',').filter((pair) => pair !== ''),
    consoleUrl: env.MODELYARD_CONSOLE_URL,
  }
  const { user, session, account, verification } = tables
  return {
    env,
    log,
    database,
    metrics,
    auth: createAuth({
      db: database.db,
      tables: { user, session, account, verification },
      secret: env.MODELYARD_SECRET,
      consoleUrl: env.MODELYARD_CONSOLE_URL,
    }),
    hub: createHub(listen({ databaseUrl: env.DATABASE_URL, onError })),
    ctxOf: (principal) => ({ ...system, principal }),
  }
}

/** Connections by state, read when Prometheus asks. */
function createConsoleMetrics({ pool }: Database, version: string): Metrics<'console'> {
  const metrics = sharedMetrics('console', { version })
  Object.assign(metrics.databaseConnections, {
    collect: () => {
      metrics.databaseConnections.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      metrics.databaseConnections.set({ state: 'idle' }, pool.idleCount)
      metrics.databaseConnections.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  return metrics
}

const slot = globalThis as typeof globalThis & { modelyardConsole?: Wired }

/** This process's adapters; on the global object, because Next instantiates modules once per route bundle. */
export function wire(): Wired {
  slot.modelyardConsole ??= build()
  return slot.modelyardConsole
}

/** What procedures get for whoever holds the session cookie in these headers; a context of nobody without one. */
export async function callFor(headers: Headers): Promise<CallContext> {
  const { auth, ctxOf, hub, metrics } = wire()
  const user = await readSession(auth, headers)
  return {
    ctx: user && ctxOf({ kind: 'user', userId: user.id, name: user.name, email: user.email }),
    hub,
    observe: ({ path, code, durationMs }) => {
      metrics.procedureCalls.inc({ procedure: path, code })
      if (path !== 'live.changes') metrics.procedureDuration.observe({ procedure: path }, durationMs / 1000)
    },
  }
}
