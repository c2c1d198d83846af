import { openStore } from '@modelyard/artifacts'
import { type Listener, listen, openDatabase } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { evaluateStored } from '@modelyard/inference'
import { isTopic, openQueue, type Queue } from '@modelyard/queue'
import { type Ctx, EVALUATION_LIMITS, type Log, type RunStoredModel, systemPorts } from '@modelyard/services'
import { createLogger, createMetrics, inject, type Metrics } from '@modelyard/telemetry'
import type { Env } from './env.ts'
import { countHappened } from './metering.ts'

export type Wired = {
  log: Log
  metrics: Metrics<'worker'>
  listener: Listener
  queue: Queue
  /** The worker's own context: nobody's session, the installation's clock. */
  ctx: Ctx
  /** Runs a model in a process of its own, which ends with this one. */
  runModel: RunStoredModel
  predictionDays: number
  /** Since when this installation can be reached, as far as this process knows. */
  bootedAt: () => Date
  close: () => Promise<void>
}

/** The only place of this process that knows which adapters there are. */
export function wire(env: Env): Wired {
  const log = createLogger({ process: 'worker', level: env.LOG_LEVEL })
  const onError = (err: Error) => log.warn({ err }, 'lost a connection')
  const database = openDatabase({ databaseUrl: env.DATABASE_URL, max: 6, onError })
  const listener = listen({ databaseUrl: env.DATABASE_URL, onError })
  const queue = openQueue({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, onError })
  const metrics = createMetrics('worker', { version: env.MODELYARD_COMMIT })
  const ports = systemPorts(env.MODELYARD_SECRET)
  const ctx: Ctx = {
    ...ports,
    db: database.db,
    principal: { kind: 'system', name: 'worker' },
    blobs: openStore({ url: env.MODELYARD_BLOB_URL, dir: env.MODELYARD_BLOB_DIR }),
    log,
    inspectModel: async () => refuse('unsupported', 'the worker reads no models'),
    hashPassword: async () => refuse('unsupported', 'the worker makes no accounts'),
    // Nobody waits for a nudge: what it wakes is swept within a second anyway.
    nudge: async (topic, id) => {
      if (isTopic(topic)) void queue.enqueue(topic, { id })
    },
    happened: (event) => countHappened(metrics, event),
    traceparent: inject,
    webhookAllow: env.MODELYARD_WEBHOOK_ALLOW.split(',').filter((pair) => pair !== ''),
    consoleUrl: env.MODELYARD_CONSOLE_URL,
  }
  let bootedAt = ports.now()
  // After a gap runners could not report either, so nobody is judged for it.
  listener.on('modelyard_plan', (nudge) => {
    if (nudge === 'reconnected') bootedAt = ports.now()
  })
  const { pool } = database
  Object.assign(metrics.databaseConnections, {
    collect: () => {
      metrics.databaseConnections.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      metrics.databaseConnections.set({ state: 'idle' }, pool.idleCount)
      metrics.databaseConnections.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  const close = async () => {
    await queue.close()
    await listener.close()
    await database.close()
  }
  return {
    log,
    metrics,
    listener,
    queue,
    ctx,
    runModel: async (sha256, rows) => {
      const { runMs, outputValues, memoryBytes } = EVALUATION_LIMITS
      const limits = { maxOutputValues: outputValues, memoryLimitBytes: memoryBytes }
      return evaluateStored(await ctx.blobs.open(sha256), rows, { ...limits, signal: AbortSignal.timeout(runMs) })
    },
    predictionDays: env.MODELYARD_PREDICTION_DAYS,
    bootedAt: () => bootedAt,
    close,
  }
}
