/** The gateway put together: everything but the adapters, which are handed in. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { createModelPool } from '@modelyard/inference'
import { Admission } from './admission/admit.ts'
import { type ControlPlane, isFinalRefusal } from './control-plane.ts'
import { createHandler } from './http/routes.ts'
import type { Handler } from './http/server.ts'
import type { Log } from './log.ts'
import { createPredictionIds } from './serving/ids.ts'
import { ModelCache, type PoolLimits } from './serving/models.ts'
import type { Seen } from './serving/predict.ts'
import { RoutingTable } from './serving/table.ts'
import { BlobCache } from './snapshot/blobs.ts'
import { SnapshotFollower } from './snapshot/follow.ts'
import { newBootId } from './spool/segment.ts'
import { Shipper } from './spool/ship.ts'
import { Spool } from './spool/spool.ts'

export type GatewayOptions = {
  dir: string
  name: string
  version: string
  control: ControlPlane
  createModelPool: typeof createModelPool
  limits: PoolLimits
  spoolMaxBytes: number
  log: Log
  observe: (seen: Seen) => void
  /** Shorter in tests. */
  pollMs?: number
  beatMs?: number
  sealAfterMs?: number
}

export type Gateway = {
  handle: Handler
  models: ModelCache
  spool: Spool
  shipper: Shipper
  follower: SnapshotFollower
  table: RoutingTable
  /** What is missing before requests can be answered; empty when ready. */
  missing: () => string[]
  start: () => Promise<void>
  /** To be called when no request runs any more: ships what it can, ends the models. */
  stop: () => Promise<void>
}

const SHIP_POLL_MS = 100
const LAST_SHIP_MS = 2000

export function createGateway(options: GatewayOptions): Gateway {
  const { dir, name, control, log } = options
  const bootId = newBootId(Date.now(), randomBytes(6).toString('hex'))
  const blobs = new BlobCache(join(dir, 'models'), control.blob)
  const models = new ModelCache({ blobs, createModelPool: options.createModelPool, limits: options.limits, log })
  const table = new RoutingTable({ models, log, onChange: () => follower.moved() })
  const admission = new Admission()
  const { pollMs = 25_000, beatMs = 3000, sealAfterMs = 300 } = options
  const follower = new SnapshotFollower({
    dir: join(dir, 'snapshot'),
    name,
    bootId,
    control,
    table,
    admission,
    blobs,
    log,
    pollMs,
    beatMs,
  })
  const spool = new Spool({ dir: join(dir, 'spool'), bootId, maxBytes: options.spoolMaxBytes, sealAfterMs, log })
  const shipper = new Shipper({ spool, ingest: control.ingest, isRefused: isFinalRefusal, log, pollMs: SHIP_POLL_MS })
  const missing = () => follower.missing()
  const handle = createHandler({
    gate: { admission, table },
    predict: { newId: createPredictionIds(), append: (outcome) => spool.append(outcome), observe: options.observe },
    ready: () => missing().length === 0,
    version: options.version,
  })
  return {
    handle,
    models,
    spool,
    shipper,
    follower,
    table,
    missing,
    start: async () => {
      shipper.start()
      await follower.start()
    },
    stop: async () => {
      models.close()
      await follower.stop()
      spool.close()
      // What the API does not take now is taken after the next start.
      await Promise.race([shipper.stop().then(() => shipper.shipAll()), sleep(LAST_SHIP_MS, undefined, { ref: false })])
    },
  }
}
