import { openStore } from '@modelyard/artifacts'
import { hashPassword } from '@modelyard/auth'
import { type Database, listen, openDatabase } from '@modelyard/db'
import { inspectModel } from '@modelyard/inference'
import {
  authenticateToken,
  type Ctx,
  createHub,
  createRunCache,
  type Happened,
  type Hub,
  type Log,
  type Principal,
  systemPorts,
} from '@modelyard/services'
import { createLogger, createMetrics, inject, type Metrics } from '@modelyard/telemetry'
import type { Env } from './env.ts'
import { countHappened } from './metering.ts'

export type Wired = {
  log: Log
  metrics: Metrics<'api'>
  hub: Hub
  database: Database
  /** A context for the holder of this token; null when nobody holds it. */
  ctxFor: (token: string | null) => Promise<Ctx | null>
  ctxOf: (principal: Principal) => Ctx
  close: () => Promise<void>
}

/** Thirty thousand runs of MLflow's usual size. */
const RUN_CACHE_BYTES = 48 * 1_048_576

/** The only place of this process that knows which adapters there are. */
export function wire(env: Env): Wired {
  const log = createLogger({ process: 'api', level: env.LOG_LEVEL })
  const onError = (err: Error) => log.warn({ err }, 'lost a database connection')
  const database = openDatabase({ databaseUrl: env.DATABASE_URL, max: 12, onError })
  const metrics = createApiMetrics(database, env.MODELYARD_COMMIT)
  const listener = listen({ databaseUrl: env.DATABASE_URL, onError })
  const system = {
    ...systemPorts(env.MODELYARD_SECRET),
    db: database.db,
    blobs: openStore({ url: env.MODELYARD_BLOB_URL, dir: env.MODELYARD_BLOB_DIR }),
    maxArtifactBytes: env.MODELYARD_MAX_ARTIFACT_BYTES,
    runCache: createRunCache({ maxBytes: RUN_CACHE_BYTES }),
    log,
    inspectModel: async (bytes: Uint8Array) => inspectModel(bytes),
    hashPassword,
    // Work for the worker is announced by NOTIFY and found by its sweeps; this process needs no queue of its own.
    nudge: async () => {},
    happened: (event: Happened) => countHappened(metrics, event),
    traceparent: inject,
    webhookAllow: env.MODELYARD_WEBHOOK_ALLOW.split(',').filter((pair) => pair !== ''),
    consoleUrl: env.MODELYARD_CONSOLE_URL,
  }
  const ctxOf = (principal: Principal): Ctx => ({ ...system, principal })
  return {
    log,
    metrics,
    database,
    hub: createHub(listener),
    ctxOf,
    ctxFor: async (token) => {
      const principal = token === null ? null : await authenticateToken(system, token)
      return principal && ctxOf(principal)
    },
    close: async () => {
      await listener.close()
      await database.close()
    },
  }
}

/** Connections by state, read when Prometheus asks. */
function createApiMetrics(database: Database, version: string): Metrics<'api'> {
  const metrics = createMetrics('api', { version })
  Object.assign(metrics.databaseConnections, {
    collect: () => {
      const { totalCount, idleCount, waitingCount } = database.pool
      metrics.databaseConnections.set({ state: 'used' }, totalCount - idleCount)
      metrics.databaseConnections.set({ state: 'idle' }, idleCount)
      metrics.databaseConnections.set({ state: 'waiting' }, waitingCount)
    },
  })
  return metrics
}
